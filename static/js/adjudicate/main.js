// The adjudication screen with script: what is written saves itself, keys press the buttons that name them, panes stay put.

import { keep, kept } from "../kept.js";

const form = document.getElementById("judging"), single = document.getElementById("single-keys");
const byId = id => document.getElementById(id);
const inField = target => target.closest?.("textarea, input:not([type=radio], [type=checkbox]), select");
const onControl = target => target.closest?.("button, a, summary, [popover]");
let scrolled = {}, pick = "row";

single.checked = kept("single-keys") !== "off";
single.addEventListener("change", () => keep("single-keys", single.checked ? "on" : "off"));

// A text leaves when its field is left; buttons wait for it, since the form sends one request after another.
function save() {
  return htmx.ajax("POST", form.getAttribute("action"), { source: form, swap: "none", values: { do: "autosave", save: id() } });
}
const id = () => [...crypto.getRandomValues(new Uint8Array(12))].map(b => b.toString(16).padStart(2, "0")).join("");
form.addEventListener("change", event => { if (!event.target.closest("[popover], [name^=cite\\.]")) save(); });
form.addEventListener("htmx:configRequest", event => {
  event.detail.parameters.save ??= id();
  // A press that waited for another request has lost its button; undoing means the same on whatever page it meets.
  if (event.detail.triggeringEvent?.submitter?.id === "undo") event.detail.parameters.do ??= "undo";
});

// Enter in a field of one line saves; it must not press the first button.
form.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches("input:not([type=checkbox], [type=radio])") && !event.target.name.startsWith("cite.")) {
    event.preventDefault();
    event.target.blur();
  }
});

const press = key => {
  const button = document.querySelector(`#judge [data-key="${CSS.escape(key)}"]:not(:disabled)`);
  button?.click();
  return Boolean(button);
};

function step(by) {
  const links = [...document.querySelectorAll("#rows .row h3 a")], at = links.findIndex(link => link.hasAttribute("aria-current"));
  links[Math.max(0, Math.min(links.length - 1, at + by))]?.click();
  return true;
}

function nextVerdict() {
  const all = [...document.querySelectorAll("[name=verdict]")], next = all[(all.findIndex(one => one.checked) + 1) % all.length];
  if (next.closest("fieldset").disabled) return false;
  next.checked = true;
  next.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

const singles = { j: () => step(1), k: () => step(-1), v: nextVerdict, "?": () => { byId("keys").togglePopover(); return true; } };

document.addEventListener("keydown", event => {
  if (event.isComposing || event.altKey) return;
  const key = event.key.toLowerCase();
  let done = false;
  if (event.ctrlKey || event.metaKey) {
    if (key === "enter") { (event.target.closest?.("[popover]")?.querySelector("[type=submit]") ?? byId("finish"))?.click(); done = true; }
    if (key === "s") { save(); done = true; }
    if (key === "z" && !event.shiftKey && !inField(event.target)) { byId("undo")?.click(); done = true; }
  } else if (!inField(event.target) && !event.target.closest?.("[popover]") && single.checked) {
    done = key === "enter" ? !onControl(event.target) && press(key) : singles[key]?.() ?? press(key);
  }
  if (done) event.preventDefault();
});

document.addEventListener("click", event => {
  const head = event.target.closest(".fragment h3 button"), tab = event.target.closest("#judge .switch button"), chosen = event.target.closest("[data-pick]");
  const cited = event.target.closest("#rows a[href^='#fragment-']"), drop = event.target.closest("[data-act=drop-alias]"), more = event.target.closest("[data-act=add-alias]");
  if (head) head.setAttribute("aria-expanded", head.closest(".fragment").toggleAttribute("data-open"));
  if (tab) turn(tab.dataset.show);
  if (chosen) { pick = chosen.dataset.pick; filter(); }
  if (cited) { event.preventDefault(); arrive(byId(cited.hash.slice(1))); }
  if (drop) { drop.closest(".alias").remove(); save(); }
  if (more) addAlias(more);
});

function addAlias(button) {
  const alias = byId("alias-row").content.firstElementChild.cloneNode(true), answer = button.closest(".answer");
  alias.querySelector("input").name = `alias.${answer.dataset.uid}`;
  button.before(alias);
  alias.querySelector("input").focus();
}

function arrive(fragment) {
  if (!fragment) return;
  turn("fragments");
  fragment.closest("li").hidden = false;
  fragment.setAttribute("data-open", "");
  fragment.querySelector("h3 button").setAttribute("aria-expanded", "true");
  fragment.scrollIntoView({ block: "nearest" });
}

function turn(name) {
  byId("judge").dataset.show = name;
  document.querySelectorAll("#judge .switch button").forEach(tab => tab.setAttribute("aria-pressed", tab.dataset.show === name));
}

function filter() {
  document.querySelectorAll("[data-pick]").forEach(button => button.setAttribute("aria-pressed", button.dataset.pick === pick));
  const items = [...document.querySelectorAll("#fragments li[data-in]")], any = items.some(item => item.dataset.in.split(" ").includes("row"));
  for (const item of items) item.hidden = pick === "any" && !item.dataset.in.split(" ").includes("any");
  if (pick === "row" && any) for (const item of items) item.classList.toggle("later", !item.dataset.in.includes("row"));
}

// Where the panes stood, and which was shown, outlives a swap; what was refused, or the active row, comes into view.
document.body.addEventListener("htmx:beforeSwap", event => {
  if (event.detail.target?.id === "judge") scrolled = { rows: byId("rows").scrollTop, show: byId("judge").dataset.show };
});
document.body.addEventListener("htmx:afterSettle", event => {
  if (!byId("judge") || event.detail.requestConfig?.parameters?.do === "autosave") return;
  if (scrolled.show) turn(scrolled.show);
  byId("rows").scrollTop = scrolled.rows ?? 0;
  const problem = document.querySelector("#problems [role=alert]");
  if (problem) { problem.scrollIntoView({ block: "nearest" }); problem.focus(); }
  else document.querySelector(".row[data-active]")?.scrollIntoView({ block: "nearest" });
  filter();
});
form.dataset.ready = "";
