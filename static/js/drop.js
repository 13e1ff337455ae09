// A file dropped anywhere on its box lands in the file field; its name is shown beside the button.

const box = document.querySelector("[data-drop]");
const field = document.getElementById(box.dataset.drop);
const name = document.getElementById("file-name");
const MEGABYTE = 1_000_000;

function show() {
  const [file] = field.files;
  name.textContent = file ? `${file.name} (${(file.size / MEGABYTE).toFixed(1)} MB)` : "";
}

box.addEventListener("dragover", (event) => {
  event.preventDefault();
  box.dataset.over = "";
});
for (const type of ["dragleave", "drop"]) box.addEventListener(type, () => delete box.dataset.over);
box.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
field.addEventListener("change", show);
show();
