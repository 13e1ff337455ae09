// The workbench: wires the queue of saves, the cards, the fragments, citing and the keys together.

import { Cards, openCard } from "./cards.js";
import { Citing } from "./citing.js";
import { fragment, makeCurrent, overlay, watchFragments } from "./fragments.js";
import { watchKeys } from "./keys.js";
import { SaveQueue } from "./queue.js";

const form = document.getElementById("annotation"), byId = id => document.getElementById(id);
const locked = form.querySelector("fieldset.whole").disabled, panes = document.querySelector(".panes");
const versionOf = target => (target && !/^[+]|^undo|^dismiss|^mark/.test(target) ? byId(`version-${target}`) : byId("version"))?.value ?? null;
const words = name => byId("says").content.querySelector(`[data-say=${name}]`).textContent;

function say(state) {
  const foot = byId("foot");
  foot.dataset.is = state === "saving" ? "" : "unsaved";
  const shown = Object.assign(document.createElement("span"), { className: "save", textContent: words(state) });
  if (state !== "saving") shown.dataset.is = "unsaved";
  if (state !== "saving") shown.append(" ", Object.assign(document.createElement("button"), { type: "button", className: "btn tiny", textContent: words("retry"), onclick: () => queue.flush() }));
  byId("save-state").replaceChildren(shown);
}

// Swap what the server answered, and give back what swapping takes away: the open card, the focus, words not yet saved.
function apply(html, save, status) {
  const open = openCard()?.id, focus = document.activeElement?.id;
  byId("foot").dataset.is = status === 409 ? "conflict" : "";
  htmx.swap(document.body, html, { swapStyle: "none" });
  if (open && byId(open) && !openCard()) byId(open).open = true;
  queue.saves.filter(other => other.text && other !== save).forEach(other => cards.fill(other));
  if (focus && byId(focus) && document.activeElement !== byId(focus)) byId(focus).focus();
  if (cards.focus && byId(`condition-${cards.focus}`)) arrive(byId(`condition-${cards.focus}`));
  if (status === 404) queue.hooks.say("unsaved");
  if (queue.pending && !queue.stuck) say("saving");
  byId("answer-count").textContent = form.querySelectorAll(".condition").length;
  overlay();
}

function arrive(card) {
  cards.focus = null;
  card.open = true;
  card.querySelector("textarea").focus();
  card.scrollIntoView({ block: "nearest" });
}

const queue = new SaveQueue(form.dataset.key, form.elements.csrfmiddlewaretoken.value, { say, apply, versionOf });
const cards = new Cards(queue), citing = new Citing(cards);

function mark(state, ranks) {
  queue.put({ target: `mark${state}${ranks}`, url: `${form.dataset.url}mark/`, versionName: "version", text: false, body: ranks.map(rank => [state, rank]) });
  queue.flush();
}

function irrelevant(element) {
  mark(element.dataset.is === "irrelevant" ? "unread" : "irrelevant", [element.dataset.rank]);
}

function undo() {
  const button = byId("toast").querySelector("[data-act=undo]");
  button?.click();
  return Boolean(button);
}

byId("toast").addEventListener("click", event => {
  const button = event.target.closest("button");
  if (button?.dataset.act === "undo") cards.undo(button.dataset.step);
  if (button) byId("toast").replaceChildren();
});
byId("fragment-list").addEventListener("click", event => {
  if (event.target.closest("[data-act=irrelevant]") && !locked) irrelevant(event.target.closest(".fragment"));
});
document.addEventListener("click", event => {
  const link = event.target.closest("a[href^='#']"), tab = event.target.closest("#switch button");
  if (tab) show(tab.dataset.show);
  if (!link) return;
  const target = document.querySelector(link.hash);
  if (link.hash.startsWith("#fragment-")) { show("fragments"); makeCurrent(fragment(link.hash.slice(10))); }
  if (target?.matches(".condition")) { show("answer"); target.open = true; }
  if (target) { event.preventDefault(); target.scrollIntoView({ block: "nearest" }); target.classList.remove("flash"); void target.offsetWidth; target.classList.add("flash"); }
});
document.querySelector("[data-act=guidelines]").addEventListener("click", event => { event.preventDefault(); byId("guidelines").showPopover(); });

function show(name) {
  panes.dataset.show = name;
  document.querySelectorAll("#switch button").forEach(button => button.setAttribute("aria-pressed", button.dataset.show === name));
}

watchFragments(ranks => { if (!locked) mark("read", ranks); });
overlay();
if (!locked) {
  watchKeys({ cards, citing, irrelevant, undo, queue });
  queue.adopt().forEach(save => { if (save.text) cards.fill(save); });
  if (queue.pending) queue.flush();
  addEventListener("online", () => queue.flush());
  addEventListener("pagehide", () => queue.farewell());
  addEventListener("pageshow", event => { if (event.persisted) queue.flush(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && queue.pending) queue.flush(); });
}
form.dataset.ready = "";
