// Counts the seconds in which the person did something, and tells the server, which holds them against its clock.
// Time stops at the cut-off after the last sign of life, and while the page is hidden.

import { csrf } from "./csrf.js";

const EVERY = 30000, SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "touchmove", "selectionchange", "input"];
const form = document.querySelector("form[data-time]"), idle = form.dataset.idle * 1000;
let last = performance.now(), active = 0;

function alive() {
  const now = performance.now();
  active += Math.min(now - last, idle);
  last = now;
}

function report() {
  const seconds = Math.floor(active / 1000);
  if (!seconds || !navigator.onLine) return;
  active -= seconds * 1000;
  navigator.sendBeacon(form.dataset.time, new URLSearchParams({ seconds, csrfmiddlewaretoken: csrf() }));
}

const leave = () => { alive(); report(); };
const come = () => { last = performance.now(); };

// What a form without script stands for is the server's guess; here it is known.
form.elements.seconds.value = 0;
for (const sign of SIGNS) addEventListener(sign, () => { if (!document.hidden) alive(); }, { capture: true, passive: true });
setInterval(report, EVERY);
addEventListener("submit", leave, { capture: true });
addEventListener("pagehide", () => { if (!document.hidden) leave(); });
addEventListener("pageshow", come);
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : come()));
