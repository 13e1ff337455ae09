// Shortcuts. Single keys are inert in a field and can be switched off; Ctrl, Alt and Esc work everywhere. Enter on a button
// or a link is theirs, unless a number is waiting for it.

import { keep, kept } from "../kept.js";
import { current, step } from "./fragments.js";

const byId = id => document.getElementById(id);
const single = byId("single-keys");
const inText = target => target.closest?.("textarea, input:not([type=radio], [type=checkbox])");
const inField = target => target.closest?.("input, textarea, select, [contenteditable], [popover]:not(#keys)");
const onControl = target => target.closest?.("button, a, summary");

single.checked = kept("single-keys") !== "off";
single.addEventListener("change", () => keep("single-keys", single.checked ? "on" : "off"));

export function watchKeys({ cards, citing, irrelevant, undo, queue }) {
  const nextVerdict = () => {
    const verdicts = [...document.querySelectorAll("[name=verdict]")];
    const next = verdicts[(verdicts.findIndex(radio => radio.checked) + 1) % verdicts.length];
    next.checked = true;
    next.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const singles = {
    v: nextVerdict, x: () => { if (current()?.matches("#fragment-list *")) irrelevant(current()); }, j: () => step(1), k: () => step(-1),
    s: () => citing.digit("S"), l: () => byId("look-up")?.click(), "/": () => byId("filter").focus(), "?": () => byId("keys").togglePopover(),
    arrowleft: () => byId("previous").click(), arrowright: () => byId("next").click(),
  };

  function withControl(event) {
    const key = event.key.toLowerCase();
    if (key === "s") queue.flush();
    else if (key === "enter") byId("submit")?.click();
    else if (key === "z" && !event.shiftKey && !inText(event.target)) undo();
    else return false;
    return true;
  }

  function escape(event) {
    const had = citing.forget();
    if (event.target.closest?.("input, textarea, select")) event.target.blur();
    getSelection().removeAllRanges();
    return had;
  }

  function alone(event) {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code), key = event.key.toLowerCase();
    if (digit && !event.shiftKey) { citing.digit(digit[1]); return true; }
    if (event.key === "Enter") return (citing.digits || !onControl(event.target)) && citing.cite(event.altKey ? "answer" : event.shiftKey ? "condition" : "both");
    if (/^[a-h]$/.test(key) && openLetter(key.toUpperCase())) return true;
    if (!singles[key]) return false;
    singles[key]();
    return true;
  }

  document.addEventListener("keydown", event => {
    let done = false;
    if (event.isComposing) return;
    if (event.ctrlKey || event.metaKey) done = withControl(event);
    else if (event.altKey && event.code === "KeyN") { cards.add(); done = true; }
    else if (event.key === "Escape") done = escape(event);
    else if (!inField(event.target) && (single.checked || event.altKey) && (!event.altKey || event.key === "Enter")) done = alone(event);
    if (done) event.preventDefault();
  });
}

function openLetter(letter) {
  const card = document.querySelector(`.condition[data-letter="${letter}"]`);
  if (!card) return false;
  card.open = true;
  card.scrollIntoView({ block: "nearest" });
  return true;
}
