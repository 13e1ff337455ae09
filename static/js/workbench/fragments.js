// The list of fragments never changes; marks, letters and quoted words are laid over it from the coverage strip and the chips.
// What was added stands below it under numbers of its own, such as S471, and is cited in the same way.

const pane = document.getElementById("fragments");
export const fragments = () => [...pane.querySelectorAll(".fragment")];
export const fragment = rank => document.getElementById(`fragment-${rank}`);
export const current = () => pane.querySelector(".fragment[aria-current]");
export const titleOf = element => element.querySelector("h3 button").lastChild.textContent.trim();
const strip = () => [...document.querySelectorAll("#coverage a")];

// Position in UTF-16 units, as the browser counts, from one in code points, as the server does, and back.
export const toUnits = (text, points) => [...text].slice(0, points).join("").length;
export const toPoints = (text, units) => [...text.slice(0, units)].length;

export function overlay() {
  for (const square of strip()) {
    const element = fragment(square.dataset.rank);
    if (!element) continue;
    element.dataset.is = square.dataset.is;
    element.dataset.by = square.dataset.by;
    element.querySelector(".marks").replaceChildren(...[...square.querySelectorAll("i")].map(mark));
    const word = element.querySelector(".irrelevant-word"), says = document.getElementById("says").content;
    if (!word && square.dataset.is === "cited") element.dataset.named = "";
    if (!word) continue;
    word.dataset.off ??= word.textContent;
    word.textContent = square.dataset.is === "irrelevant" ? says.querySelector("[data-say=relevant]").textContent : word.dataset.off;
  }
  if (current()) strip().find(square => square.dataset.rank === current().dataset.rank)?.setAttribute("aria-current", "true");
  count();
  highlight();
}

function mark(bar) {
  const link = document.createElement("a"), tag = document.createElement("span");
  link.className = "mark";
  link.dataset.c = bar.dataset.c;
  link.href = `#condition-${bar.dataset.uid}`;
  tag.className = "tag";
  tag.textContent = bar.dataset.letter;
  link.append(tag, bar.dataset.role);
  return link;
}

function count() {
  const states = strip().map(square => square.dataset.is);
  const numbers = { "": states.length, cited: states.filter(s => s === "cited").length, unread: states.filter(s => s === "unread").length };
  numbers.uncited = numbers[""] - numbers.cited;
  document.querySelectorAll("[data-pick]").forEach(button => { button.querySelector("span").textContent = numbers[button.dataset.pick]; });
}

// Quoted words are painted by the browser's highlight registry: the text itself stays one untouched node.
function highlight() {
  if (!CSS.highlights) return;
  CSS.highlights.clear();
  for (const chip of document.querySelectorAll("#conditions .chip[data-start]:not([data-start=''])")) {
    const text = fragment(chip.dataset.rank)?.querySelector(".prose").firstChild;
    if (!text) continue;
    const range = new Range();
    range.setStart(text, toUnits(text.data, +chip.dataset.start));
    range.setEnd(text, toUnits(text.data, +chip.dataset.end));
    const name = `cite-${chip.closest(".condition").dataset.c}-${chip.dataset.for}`;
    if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
    CSS.highlights.get(name).add(range);
  }
}

export function makeCurrent(element, scroll = true) {
  document.querySelectorAll("#fragments [aria-current]").forEach(other => other.removeAttribute("aria-current"));
  element.setAttribute("aria-current", "true");
  const square = strip().find(square => square.dataset.rank === element.dataset.rank);
  square?.setAttribute("aria-current", "true");
  square?.scrollIntoView({ block: "nearest" });
  if (scroll) element.scrollIntoView({ block: "nearest" });
}

export function step(by) {
  const shown = fragments().filter(element => !element.closest("li").hidden), place = shown.indexOf(current());
  const next = shown[Math.max(0, Math.min(shown.length - 1, place + by))];
  if (next) makeCurrent(next);
}

function fold(button) {
  const element = button.closest(".fragment"), open = element.toggleAttribute("data-open");
  button.setAttribute("aria-expanded", open);
}

function filter() {
  const words = document.getElementById("filter").value.trim().toLowerCase();
  const pick = document.querySelector("[data-pick][aria-pressed=true]").dataset.pick;
  for (const element of fragments()) {
    const is = element.dataset.is, fits = { "": true, cited: is === "cited", uncited: is !== "cited", unread: is === "unread" }[pick];
    element.closest("li").hidden = !fits || !element.textContent.toLowerCase().includes(words);
  }
}

export function light(letter) {
  for (const element of document.querySelectorAll("[data-by]")) {
    if (letter && element.dataset.by.split(" ").includes(letter)) element.dataset.lit = letter; else delete element.dataset.lit;
  }
}

export function watchFragments(read) {
  pane.addEventListener("click", event => {
    const head = event.target.closest("h3 button"), pick = event.target.closest("[data-pick]"), element = event.target.closest(".fragment");
    if (head) fold(head);
    if (pick) {
      document.querySelectorAll("[data-pick]").forEach(button => button.setAttribute("aria-pressed", button === pick));
      filter();
    }
    if (element) makeCurrent(element, false);
  });
  document.getElementById("filter").addEventListener("input", filter);
  const lightCard = event => light(event.target.closest?.(".condition[data-letter]")?.dataset.letter ?? "");
  document.addEventListener("pointerover", lightCard);
  document.addEventListener("focusin", lightCard);
  watchReading(read);
}

// A fragment that stood in view for two seconds, or was made current, counts as read; marks are sent a few at a time.
function watchReading(read) {
  const seen = new Map(), done = new Set();
  const observer = new IntersectionObserver(entries => {
    for (const entry of entries) {
      const rank = entry.target.closest(".fragment").dataset.rank;
      clearTimeout(seen.get(rank));
      if (entry.isIntersecting) seen.set(rank, setTimeout(() => done.add(rank), 2000));
    }
  }, { root: pane, threshold: 0.9 });
  fragments().forEach(element => observer.observe(element.querySelector(".prose")));
  setInterval(() => {
    const fresh = [...done].filter(rank => fragment(rank)?.dataset.is === "unread");
    done.clear();
    if (fresh.length) read(fresh);
  }, 3000);
}
