// After signing out, no unsaved copy of anybody's work stays in this browser; the theme and the like do.
const COPIES = "proviso:";

if (new URLSearchParams(location.search).has("signed-out")) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(COPIES)) localStorage.removeItem(key);
  } catch {
    // Storage is forbidden, so nothing was kept.
  }
}
