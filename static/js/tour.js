// Four steps for somebody's first visit. Skipping and finishing both count as seen; the button shows it again.
import { keep, kept } from "./kept.js";

const dialog = document.getElementById("tour");
const steps = [...dialog.querySelectorAll(".step")];
const place = document.getElementById("tour-place");
const button = (act) => dialog.querySelector(`[data-act=${act}]`);
let at = 0;

function show(step) {
  at = step;
  steps.forEach((part, number) => (part.hidden = number !== at));
  dialog.setAttribute("aria-labelledby", steps[at].querySelector("h2").id);
  place.textContent = `${at + 1} / ${steps.length}`;
  button("tour-back").hidden = at === 0;
  const onward = button("tour-on");
  onward.textContent = at === steps.length - 1 ? onward.dataset.last : onward.dataset.more;
}

function open() {
  show(0);
  dialog.showModal();
  button("tour-on").focus();
}

const acts = {
  tour: open,
  "tour-skip": () => dialog.close(),
  "tour-back": () => show(at - 1),
  "tour-on": () => (at === steps.length - 1 ? dialog.close() : show(at + 1)),
};

document.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
dialog.addEventListener("close", () => keep("tour", "seen"));
if (!kept("tour")) open();
