// What every page has: the theme switch, notes that go away, copying a field.
import { keep, kept } from "./kept.js";

const root = document.documentElement;
const NOTE_STAYS = 9000;

const acts = {
  theme() {
    const now = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    keep("theme", root.dataset.theme);
  },
  "close-note"(button) {
    button.closest(".toast").remove();
  },
  async copy(button) {
    const field = document.getElementById(button.dataset.from);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.done;
    } catch {
      // The text is selected; Ctrl C does the rest.
    }
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  acts[button?.dataset.act]?.(button, event);
});

// The key / leads to a page’s search box, unless single keys are switched off.
document.addEventListener("keydown", (event) => {
  const box = event.key === "/" && document.querySelector("input[aria-keyshortcuts='/']");
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (!box || typing || event.ctrlKey || event.metaKey || event.altKey || kept("single-keys") === "off") return;
  event.preventDefault();
  box.select();
});

function leave(note) {
  if (note.matches(":hover, :focus-within")) setTimeout(leave, NOTE_STAYS, note);
  else note.remove();
}

// An error stays until it is closed; the rest has been read after a while.
for (const note of document.querySelectorAll("#notes .toast:not([data-is=error])")) setTimeout(leave, NOTE_STAYS, note);
