// Runs before the first paint, so that a chosen theme does not flash in. Everything else is a module.
(() => {
  const root = document.documentElement;
  root.dataset.script = "on";
  try {
    const chosen = localStorage.getItem("proviso.theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; the system's theme then stands.
  }
})();
