// Keys of the rating screen: 0 to 9, X or the key after 0 for 10, the arrows for the pairs before and behind. Inert where
// single keys are switched off on the workbench.

import { kept } from "./kept.js";

const AFTER_ZERO = "Minus"; // the key's place on the keyboard, whatever is printed on it
const ARROWS = { ArrowLeft: "previous", ArrowRight: "next" };

function pressed(event) {
  if (event.key in ARROWS) return ARROWS[event.key];
  if (/^[0-9]$/.test(event.key)) return `value-${event.key}`;
  return event.key.toLowerCase() === "x" || event.code === AFTER_ZERO ? "value-10" : "";
}

document.addEventListener("keydown", event => {
  if (event.isComposing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || kept("single-keys") === "off") return;
  if (event.target.closest?.("[popover]")) return;
  const button = document.getElementById(pressed(event));
  if (!button) return;
  event.preventDefault();
  button.click();
});
