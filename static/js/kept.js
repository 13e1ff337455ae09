// Small choices kept in this browser. Storage may be forbidden or full: then nothing is kept, and nothing breaks.

const PREFIX = "proviso.";

export function kept(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Not kept.
  }
}
