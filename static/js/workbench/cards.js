// Cards as forms: what is typed becomes a save of its card, a button a save with a command.

import { newId } from "./queue.js";

const DELAY = 700;
const form = document.getElementById("annotation");
const byId = id => document.getElementById(id);
export const openCard = () => form.querySelector(".condition[open]");
export const cardOf = element => element.closest?.(".condition");
const uidOf = card => card.dataset.uid;
const shortId = () => newId().replaceAll("-", "");

export class Cards {
  constructor(queue) {
    Object.assign(this, { queue, url: form.dataset.url });
    form.addEventListener("input", event => this.typed(event.target));
    form.addEventListener("change", event => { if (event.target.matches("select, [type=radio]")) this.typed(event.target, 0); });
    form.addEventListener("focusout", () => { if (queue.pending) queue.flush(); });
    form.addEventListener("click", event => this.clicked(event));
    form.addEventListener("submit", event => this.submitted(event));
    form.addEventListener("keydown", event => this.enterInNumber(event));
    form.addEventListener("toggle", () => this.nameOpen(), true);
  }

  // Every control of a card but the one that cites: commands are sent on their own.
  body(card) {
    const named = [...card.querySelectorAll("textarea[name], input[name], select[name]")];
    return named.filter(control => !/^(version|cite|citefor|card)/.test(control.name)).map(control => [control.name, control.value]);
  }

  save(card, more = [], text = true) {
    const uid = uidOf(card);
    this.queue.put({ target: uid, url: `${this.url}c/${uid}/`, versionName: `version.${uid}`, text, holds: true, body: [...this.body(card), ...more] });
  }

  // A command goes on its own; where it is refused there is nothing to keep.
  send(target, path, body = [], versionName = "version") {
    this.queue.put({ target, url: `${this.url}${path}/`, versionName, body });
    this.queue.flush();
  }

  saveOverall() {
    const names = ["reason", "note"].map(name => [name, form.elements[name].value]);
    const verdict = form.querySelector("[name=verdict]:checked")?.value ?? "";
    const order = [...form.querySelectorAll(".condition")].map(card => ["card", uidOf(card)]);
    const body = [["verdict", verdict], ...names, ...order];
    this.queue.put({ target: "", url: `${this.url}overall/`, versionName: "version", text: true, holds: true, body });
  }

  typed(control, delay = DELAY) {
    if (!control.name || control.name.startsWith("cite")) return;
    const card = cardOf(control);
    if (card) this.save(card); else this.saveOverall();
    this.queue.later(delay);
  }

  // Texts typed before have a save of their own that leaves first, so that a refused command refuses no text.
  command(card, more) {
    if (card.hasAttribute("data-conflict")) return;
    this.save(card, more, false);
    this.queue.flush();
  }

  cite(card, { rank, role = "both", start, end, quote }) {
    const uid = uidOf(card), fields = { cite: rank, citefor: role, start, end, quote };
    this.command(card, Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => [`${name}.${uid}`, String(value)]));
  }

  add() {
    this.focus = shortId();
    this.send(`:add${this.focus}`, "c", [["uid", this.focus]]);
  }

  // Words that wait to be saved leave first: the card comes behind what they belong to.
  adopt(draft) {
    this.focus = shortId();
    this.send(`:adopt${this.focus}`, "adopt", [["uid", this.focus], ["draft", draft]]);
  }

  remove(card) {
    const uid = uidOf(card);
    this.send(uid, `c/${uid}/remove`, [], `version.${uid}`);
  }

  bringBack(uid) {
    this.send(`:back${uid}`, `c/${uid}/back`);
  }

  undo(step) {
    this.send(`:undo${step}`, `undo/${step}`);
  }

  dismiss(key) {
    this.send(`:dismiss${key}`, "dismiss", [["key", key]]);
  }

  move(card, by) {
    const other = by < 0 ? card.previousElementSibling : card.nextElementSibling;
    if (!other) return;
    const focus = document.activeElement;
    if (by < 0) other.before(card); else other.after(card);
    focus.focus();
    this.saveOverall();
    this.queue.flush();
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button || button.type === "button" && !button.dataset.act) return;
    const card = cardOf(button), [verb, ...target] = (button.name === "do" ? button.value : "").split(":");
    const row = button.closest(".answer");
    const does = {
      "add-answer": () => this.addAnswer(card), "drop-answer": () => this.dropAnswer(card, row),
      "add-alias": () => this.addAlias(row), "drop-alias": () => this.dropAlias(button),
      "cite": () => this.citeNumber(card), "keep": () => this.keepMine(card), "take-theirs": () => this.takeTheirs(card),
      "keep-overall": () => this.keepOverall(),
    }[button.dataset.act] ?? {
      add: () => this.add(), remove: () => this.remove(card), up: () => this.move(card, -1), down: () => this.move(card, 1),
      dismiss: () => this.dismiss(target.join(":")), adopt: () => this.adopt(target.join(":")), save: () => this.queue.flush(),
    }[verb] ?? (button.name.startsWith("uncite.") ? () => this.command(card, [[button.name, button.value]]) : null);
    if (does) { event.preventDefault(); does(); }
  }

  submitted(event) {
    const button = event.submitter;
    if (!(button?.name === "do" && button.value === "submit")) { event.preventDefault(); return; }
    if (!this.queue.pending) { this.queue.close(); return; }
    event.preventDefault();
    this.queue.flush().then(done => {
      if (done) form.requestSubmit(button);
      else document.querySelector("#save-state :is(a, button)")?.focus();
    });
  }

  enterInNumber(event) {
    if (event.key !== "Enter" || !event.target.matches(".citing input") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.citeNumber(cardOf(event.target), event.altKey ? "answer" : event.shiftKey ? "condition" : "both");
  }

  citeNumber(card, role) {
    const field = card.querySelector(".citing input");
    if (!field.value.trim()) { field.focus(); return; }
    this.cite(card, { rank: field.value.trim(), role });
    field.value = "";
  }

  addAnswer(card, uid = shortId()) {
    const parts = { CARD: uidOf(card), ANSWER: uid, LETTER: card.dataset.letter };
    const html = byId("answer-row").innerHTML.replace(/CARD|ANSWER|LETTER/g, name => parts[name]);
    card.querySelector(".answers").insertAdjacentHTML("beforeend", html);
    this.number(card);
    const field = byId(`answer-${uid}`);
    field.focus();
    return field.closest(".answer");
  }

  dropAnswer(card, row) {
    row.remove();
    this.number(card);
    this.save(card);
    this.queue.flush();
    card.querySelector("[data-act=add-answer]").focus();
  }

  number(card) {
    card.querySelectorAll(".answer").forEach((row, place) => {
      row.querySelector(".nth").textContent = place + 1;
      for (const control of row.querySelectorAll("textarea, [data-act=add-alias], [data-act=drop-answer]")) {
        control.setAttribute("aria-label", control.getAttribute("aria-label").replace(/\d+/, place + 1));
      }
    });
  }

  addAlias(row, value = "") {
    const wording = byId("alias-row").content.firstElementChild.cloneNode(true), field = wording.querySelector("input");
    field.name = `alias.${row.dataset.uid}`;
    field.value = value;
    row.querySelector("[data-act=add-alias]").before(wording);
    if (!value) field.focus();
  }

  dropAlias(button) {
    const card = cardOf(button);
    button.closest(".alias").remove();
    this.save(card);
    this.queue.flush();
  }

  keepMine(card) {
    this.queue.drop(uidOf(card));
    card.removeAttribute("data-conflict");
    card.querySelector(".versions").remove();
    this.save(card);
    this.queue.flush();
    card.querySelector("textarea").focus();
  }

  keepOverall() {
    this.queue.drop("");
    byId("overall-conflict").replaceChildren();
    this.saveOverall();
    this.queue.flush();
  }

  // What stands on the server is what a fresh page shows; without a card, what is said of the whole.
  takeTheirs(card) {
    this.queue.drop(card ? uidOf(card) : "");
    history.replaceState(null, "", card ? `#${card.id}` : location.pathname);
    location.reload();
  }

  // The fragments say for which card they would be cited.
  nameOpen() {
    document.querySelectorAll(".open-letter").forEach(element => { element.textContent = openCard()?.dataset.letter ?? "…"; });
  }

  // Put what a save holds back into its controls: after a reload, or after its card was drawn anew.
  fill(save) {
    const card = byId(`condition-${save.target}`);
    const values = new Map(save.body.filter(([name]) => !name.startsWith("alias.")));
    if (card) for (const [name, uid] of save.body) {
      if (name === `answers.${save.target}` && !byId(`answer-${uid}`)) this.addAnswer(card, uid);
    }
    for (const control of form.querySelectorAll("textarea[name]")) if (values.has(control.name) && control.value !== values.get(control.name)) control.value = values.get(control.name);
    if (card) this.fillAliases(card, save);
    if (save.target === "" && values.get("verdict")) form.querySelector(`[name=verdict][value="${CSS.escape(values.get("verdict"))}"]`).checked = true;
  }

  fillAliases(card, save) {
    for (const row of card.querySelectorAll(".answer")) {
      const wanted = save.body.filter(([name]) => name === `alias.${row.dataset.uid}`).map(([, value]) => value);
      const shown = [...row.querySelectorAll(".alias input")];
      if (wanted.join("\0") === shown.map(field => field.value).join("\0")) continue;
      shown.forEach(field => field.closest(".alias").remove());
      wanted.filter(Boolean).forEach(value => this.addAlias(row, value));
    }
  }
}
