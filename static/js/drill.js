// ← and → lead to the question before and behind, outside of fields; a citation opens the fragment that it names.
const FIELDS = "input, textarea, select, [contenteditable]";
const LINKS = { ArrowLeft: "previous", ArrowRight: "next" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.target.closest(FIELDS)) return;
  const link = document.getElementById(LINKS[event.key] ?? "");
  if (!link) return;
  event.preventDefault();
  link.click();
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest(".chip a");
  const details = chip && document.getElementById(chip.hash.slice(1))?.querySelector("details");
  if (details) details.open = true;
});
