// The save state in the footer: what the server said of the last save, or what is true while something is not saved.

const box = document.getElementById("save-state"), foot = document.getElementById("foot"), submit = document.getElementById("submit");
const words = name => document.getElementById("says").content.querySelector(`[data-say=${name}]`).textContent;
const FOOT = { saving: "", saved: "", choice: "conflict" };
let saved = box.querySelector("[data-is=saved]");

export function show(state, queue) {
  const look = FOOT[state] ?? "unsaved";
  if (look) foot.dataset.is = look; else foot.removeAttribute("data-is");
  submit?.setAttribute("aria-disabled", look === "conflict");
  saved = box.querySelector("[data-is=saved]") ?? saved;
  const shown = state === "saved" ? saved : drawn(state, queue);
  if (shown && shown.textContent !== box.textContent.trim()) box.replaceChildren(shown);
}

function drawn(state, queue) {
  const shown = Object.assign(document.createElement("span"), { className: "save" }), says = document.createElement("span");
  says.textContent = words(state);
  shown.append(says);
  if (state === "saving") return shown;
  shown.dataset.is = state === "choice" ? "conflict" : "unsaved";
  if (state === "choice") shown.append(...places(queue));
  else shown.append(Object.assign(document.createElement("button"), { type: "button", className: "btn tiny", textContent: words("retry") }));
  shown.querySelector("button")?.setAttribute("data-act", "retry");
  return shown;
}

// A link to each place that waits for the person.
function places({ held }) {
  return [...new Set(held.map(save => save.target))].flatMap(target => {
    const card = document.getElementById(`condition-${target}`);
    if (target && !card) return [];
    const text = card?.dataset.letter ?? words("whole");
    return Object.assign(document.createElement("a"), { href: card ? `#${card.id}` : "#overall-conflict", textContent: text });
  });
}
