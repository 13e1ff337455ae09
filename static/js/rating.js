// Keys of the rating screen: 0 to 9; 1 and then 0, X or the key after 0 for 10; the arrows for the pairs before and
// behind. Inert where single keys are switched off on the workbench.

import { kept } from "./kept.js";

const AFTER_ZERO = "Minus"; // the key's place on the keyboard, whatever is printed on it
const ARROWS = { ArrowLeft: "previous", ArrowRight: "next" };
const FOR_ZERO = 800; // milliseconds that 1 waits for a 0
const UNREAD = 1000; // milliseconds in which nobody has read a pair: a late 0 of a 10 must not rate it

let deafUntil = 0;
let waiting = 0; // the timer of a 1

function pressed(event) {
  if (event.key in ARROWS) return ARROWS[event.key];
  if (event.key === "0" && waiting) return "value-10";
  if (/^[0-9]$/.test(event.key)) return `value-${event.key}`;
  return event.key.toLowerCase() === "x" || event.code === AFTER_ZERO ? "value-10" : "";
}

function calm() {
  clearTimeout(waiting);
  waiting = 0;
  document.querySelector(".eleven [data-waits]")?.removeAttribute("data-waits");
}

function wait(button) {
  button.setAttribute("data-waits", "");
  waiting = setTimeout(() => button.click(), FOR_ZERO);
}

document.addEventListener("keydown", event => {
  if (event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || kept("single-keys") === "off") return;
  if (event.target.closest?.("[popover]")) return;
  const button = document.getElementById(pressed(event));
  if (event.key === "Escape") calm();
  if (!button) return;
  event.preventDefault();
  if (button.name === "value" && performance.now() < deafUntil) return;
  calm();
  if (button.id === "value-1") wait(button);
  else button.click();
});

document.addEventListener("click", calm, true);
document.addEventListener("htmx:beforeRequest", () => { deafUntil = Infinity; });
for (const name of ["htmx:afterSwap", "htmx:afterRequest"])
  document.addEventListener(name, () => { deafUntil = performance.now() + UNREAD; });
