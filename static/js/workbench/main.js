// The workbench: wires the queue of saves, the cards, the fragments, citing and the keys together.

import { csrf } from "../csrf.js";
import { addAgain, watchAdded } from "./added.js";
import { Cards, openCard } from "./cards.js";
import { Citing } from "./citing.js";
import { fragment, makeCurrent, overlay, watchFragments } from "./fragments.js";
import { watchKeys } from "./keys.js";
import { SaveQueue } from "./queue.js";
import { show } from "./state.js";

const form = document.getElementById("annotation"), byId = id => document.getElementById(id);
const locked = form.querySelector("fieldset.whole").disabled, panes = document.querySelector(".panes");
const versionOf = save => byId(save.versionName.replace(".", "-"))?.value ?? null;

// Swap what the server answered, and give back what swapping takes away: the open card, the focus, words not yet saved.
function apply(html, save, status, step) {
  remember(step ?? (status === 200 && save.back));
  const open = openCard()?.id, focus = caret();
  const away = placesFor(html);
  htmx.swap(document.body, html, { swapStyle: "none" });
  away.remove();
  if (open && byId(open) && !openCard()) byId(open).open = true;
  queue.saves.filter(other => other.text && other !== save).forEach(other => cards.fill(other));
  // A card in conflict that was drawn anew, as one of all, asks again.
  for (const { target } of status === 200 ? queue.held : []) if (byId(`condition-${target}`)?.matches(":not([data-conflict])")) queue.release(target);
  if (focus) focusAgain(focus);
  if (cards.focus && byId(`condition-${cards.focus}`)) arrive(byId(`condition-${cards.focus}`));
  cards.nameOpen();
  byId("answer-count").textContent = form.querySelectorAll(".condition").length;
  overlay();
}

// A card that came in another window is not on this page, so neither is what an answer says of it: it goes nowhere.
function placesFor(html) {
  const answer = document.createElement("template"), away = document.createElement("div");
  answer.innerHTML = html;
  const missing = [...answer.content.querySelectorAll("[hx-swap-oob][id]")].filter(({ id }) => !byId(id));
  away.hidden = true;
  away.append(...missing.map(({ id }) => Object.assign(document.createElement("div"), { id })));
  document.body.append(away);
  return away;
}

function caret() {
  const { id, selectionStart, selectionEnd } = document.activeElement ?? {};
  return id && { id, selectionStart, selectionEnd };
}

function focusAgain({ id, selectionStart, selectionEnd }) {
  const element = byId(id);
  if (!element || document.activeElement === element) return;
  element.focus();
  if (element.matches("textarea")) element.setSelectionRange(selectionStart, selectionEnd);
}

function arrive(card) {
  cards.focus = null;
  card.open = true;
  card.querySelector("textarea").focus();
  card.scrollIntoView({ block: "nearest" });
}

const queue = new SaveQueue(form.dataset.key, csrf, { show: state => show(state, queue), apply, versionOf });
const cards = new Cards(queue), citing = new Citing(cards, askForCard);

function mark(state, ranks, more = {}) {
  queue.put({ target: `:mark${state}${ranks}`, url: `${form.dataset.url}mark/`, versionName: "version", body: ranks.map(rank => [state, rank]), ...more });
  queue.flush();
}

function irrelevant({ dataset: { is, rank } }) {
  mark(is === "irrelevant" ? "unread" : "irrelevant", [rank], { back: { rank, was: is === "cited" ? "unread" : is } });
}

// What Ctrl Z takes back, the last one last: a step by its number, a mark by what it was before, a fragment that was
// taken out by its key.
let done = [];

// A toast goes on offering its own step, but Ctrl Z is no longer the way to it; one that only says something has been read.
function remember(what) {
  if (!what || done.includes(what)) return;
  done.push(what);
  if (byId("toast").querySelector("[data-act=undo]")) byId("toast").querySelector("kbd")?.remove();
  else byId("toast").replaceChildren();
}

async function undo() {
  await queue.flush();
  if (queue.trouble) return;
  const last = done.pop();
  if (!last) tell("nothing");
  else if (last.again) addAgain(last.again);
  else if (last.rank) { mark(last.was, [last.rank]); tell("mark", last.rank); }
  else cards.undo(last);
}

// There is nothing open to cite for: go to where a condition is opened or added.
function askForCard() {
  turn("answer");
  byId("add").focus();
  tell("no-card");
}

function tell(name, more = "") {
  const says = byId("says").content, said = document.createElement("span");
  said.textContent = `${says.querySelector(`[data-say=${name}]`).textContent} ${more}`;
  byId("toast").replaceChildren(said, says.querySelector("button").cloneNode(true));
}

byId("toast").addEventListener("click", event => {
  const button = event.target.closest("button");
  if (button?.dataset.act === "undo") { done = done.filter(step => step !== button.dataset.step); cards.undo(button.dataset.step); }
  if (button?.dataset.act === "bring-back") cards.bringBack(button.dataset.uid);
  if (button?.dataset.act === "let-go") { queue.drop(button.dataset.uid); queue.show(); }
  if (button) byId("toast").replaceChildren();
});
byId("fragment-list").addEventListener("click", event => {
  if (event.target.closest("[data-act=irrelevant]") && !locked) irrelevant(event.target.closest(".fragment"));
});
byId("save-state").addEventListener("click", event => { if (event.target.closest("[data-act=retry]")) queue.flush(); });
document.addEventListener("click", event => {
  const link = event.target.closest("#main a[href^='#'], #foot a[href^='#'], .skip[href='#work']"), tab = event.target.closest("#switch button");
  if (tab) turn(tab.dataset.show);
  if (link) { event.preventDefault(); go(link.hash.slice(1), link.matches("#problems *, #foot *, .skip, #look-up")); }
});
document.querySelector("[data-act=guidelines]").addEventListener("click", event => { event.preventDefault(); byId("guidelines").showPopover(); });

// Go to a fragment, a card or another place of the page; whoever follows what must be mended wants to write there.
function go(id, toWrite) {
  const target = byId(id);
  if (!target) return;
  turn(byId("fragments").contains(target) ? "fragments" : "answer");
  if (target.matches(".fragment")) makeCurrent(target);
  if (target.matches(".condition")) target.open = true;
  if (toWrite) target.querySelector("textarea, input:not([type=hidden])")?.focus();
  target.scrollIntoView({ block: target.id === "lookup" ? "start" : "nearest" });
  target.classList.remove("flash");
  void target.offsetWidth;
  target.classList.add("flash");
}

function turn(name) {
  panes.dataset.show = name;
  document.querySelectorAll("#switch button").forEach(button => button.setAttribute("aria-pressed", button.dataset.show === name));
}

cards.nameOpen();
watchAdded({
  drawn() { overlay(); cards.nameOpen(); },
  tookOut(key) { remember({ again: key }); },
  added(key) { done = done.filter(({ again }) => again !== key); },
  failed() { tell("not-done"); },
});
watchFragments(ranks => { if (!locked) mark("read", ranks, { quiet: true }); });
overlay();
if (location.hash.length > 1) go(location.hash.slice(1), false);
if (!locked) {
  watchKeys({ cards, citing, irrelevant, undo, queue });
  queue.adopt().forEach(save => { if (save.text) cards.fill(save); });
  if (queue.pending) queue.flush();
  addEventListener("online", () => queue.flush());
  addEventListener("pagehide", () => queue.farewell());
  document.addEventListener("visibilitychange", () => { if (queue.pending) queue.flush(); });
}
// Brought back by the back button: whose turn it is, and what is stored, may have changed since.
addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
form.dataset.ready = "";
