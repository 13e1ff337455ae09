// What was looked up, added and taken out again: the server draws it, here it keeps the focus and has a way back.

const byId = id => document.getElementById(id), found = key => byId(`found-${key}`), gone = key => byId(`gone-${key}`);
const ASKS = "#lookup [data-found], #added [data-found], #gone [data-found]";
const waited = () => document.querySelector("#found [aria-busy]"), asking = () => document.querySelector("#lookup [role=search]");
const takesOut = key => document.querySelector(`#added [data-found="found-${key}"] button`);

// What was found stays as long as something of it is being added; what was searched for meanwhile is asked again then.
let outdated = false;

export function addAgain(key) {
  gone(key)?.querySelector("button").click();
}

export function watchAdded({ drawn, tookOut, added, failed }) {
  document.body.addEventListener("submit", pressed, true);
  document.body.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: { elt, parameters }, successful } }) => {
    if (!elt.closest("#lookup, #added, #gone, .state")) return;
    elt.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    drawn();
    if (outdated && !waited()) asking().requestSubmit();
    outdated &&= waited() !== null;
    if (!successful) return;
    if (elt.matches(".out")) wentOut(elt.dataset.found.replace("found-", ""), tookOut);
    else if (parameters.fragment) cameIn(parameters.fragment, elt, added);
  });
  // What is added or taken out may stand among the results, too, and is drawn there anew.
  document.body.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => { if (byId(elt.dataset.found)) parameters.found = "1"; });
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id !== "found" || !waited()) return;
    detail.shouldSwap = false;
    outdated = true;
  });
  for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.body.addEventListener(trouble, ({ detail: { elt } }) => {
    if (elt === asking() && !waited()) byId("found").textContent = byId("says").content.querySelector("[data-say=no-search]").textContent;
    else if (elt === asking() || elt.matches(ASKS)) failed();
  });
}

// What was pressed is under way until the server answers, and pressing it again asks for nothing more.
function pressed(event) {
  if (!event.target.matches(ASKS)) return;
  const button = event.target.querySelector("button");
  if (button.ariaBusy) { event.preventDefault(); event.stopPropagation(); }
  button.ariaBusy = "true";
}

// Another window may have taken it out before; then there is nothing to undo here.
function wentOut(key, tookOut) {
  if (gone(key)) tookOut(key);
  (gone(key)?.querySelector("button") ?? byId("lookup-q"))?.focus();
}

// The button that was pressed is no more: its place has a link, or the way out again. A focus that went on stays there.
function cameIn(key, elt, added) {
  const undone = elt.matches(".gone");
  gone(key)?.remove();
  added(key);
  if (undone) takesOut(key)?.focus();
  else if (document.activeElement === document.body) found(key)?.querySelector("a")?.focus();
}
