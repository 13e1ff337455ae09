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
    form.addEventListener("toggle", event => { if (event.target.open) this.opened(event.target); }, true);
  }

  // Every control of a card but the one that cites: commands are sent on their own.
  body(card) {
    const named = [...card.querySelectorAll("textarea[name], input[name], select[name]")];
    return named.filter(control => !/^(version|cite|citefor|card)/.test(control.name)).map(control => [control.name, control.value]);
  }

  save(card, more = [], text = true) {
    const uid = uidOf(card);
    this.queue.put({ target: uid, url: `${this.url}c/${uid}/`, versionName: `version.${uid}`, text, body: [...this.body(card), ...more] });
  }

  saveOverall() {
    const names = ["reason", "note"].map(name => [name, form.elements[name].value]);
    const verdict = form.querySelector("[name=verdict]:checked")?.value ?? "";
    const order = [...form.querySelectorAll(".condition")].map(card => ["card", uidOf(card)]);
    const body = [["verdict", verdict], ...names, ...order];
    this.queue.put({ target: "", url: `${this.url}overall/`, versionName: "version", text: true, body });
  }

  typed(control, delay = DELAY) {
    if (!control.name || control.name.startsWith("cite")) return;
    const card = cardOf(control);
    if (card?.hasAttribute("data-conflict")) return;
    if (card) this.save(card); else this.saveOverall();
    this.queue.later(delay);
  }

  // A command on a card: its texts leave first, in a save of their own, so that a refused command refuses no text.
  command(card, more) {
    if (card.hasAttribute("data-conflict")) return;
    if (this.queue.saves.some(save => save.target === uidOf(card) && save.text && !save.sending)) this.save(card);
    this.save(card, more, false);
    this.queue.flush();
  }

  cite(card, { rank, role = "both", start, end, quote }) {
    const uid = uidOf(card), fields = { cite: rank, citefor: role, start, end, quote };
    this.command(card, Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => [`${name}.${uid}`, String(value)]));
  }

  add() {
    const uid = shortId();
    this.focus = uid;
    this.queue.put({ target: `+${uid}`, url: `${this.url}c/`, versionName: "version", text: false, body: [["uid", uid]] });
    this.queue.flush();
  }

  remove(card) {
    const uid = uidOf(card);
    this.queue.put({ target: uid, url: `${this.url}c/${uid}/remove/`, versionName: `version.${uid}`, text: false, body: [] });
    this.queue.flush();
  }

  undo(step) {
    this.queue.put({ target: `undo${step}`, url: `${this.url}undo/${step}/`, versionName: "version", text: false, body: [] });
    this.queue.flush();
  }

  move(card, by) {
    const other = by < 0 ? card.previousElementSibling : card.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(card); else other.after(card);
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
    }[button.dataset.act] ?? {
      add: () => this.add(), remove: () => this.remove(card), up: () => this.move(card, -1), down: () => this.move(card, 1),
      dismiss: () => this.dismiss(target.join(":")), save: () => this.queue.flush(),
    }[verb] ?? (button.name.startsWith("uncite.") ? () => this.command(card, [[button.name, button.value]]) : null);
    if (does) { event.preventDefault(); does(); }
  }

  submitted(event) {
    const button = event.submitter;
    if (!(button?.name === "do" && button.value === "submit")) { event.preventDefault(); return; }
    if (!this.queue.pending) return;
    event.preventDefault();
    this.queue.flush().then(done => { if (done) form.requestSubmit(button); });
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
    const html = byId("answer-row").innerHTML.replaceAll("CARD", uidOf(card)).replaceAll("ANSWER", uid);
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
      row.querySelector("textarea").setAttribute("aria-label", row.querySelector("textarea").getAttribute("aria-label").replace(/\d+|(?<= )(?= )/, place + 1));
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
  }

  takeTheirs(card) {
    this.queue.drop(uidOf(card));
    location.reload();
  }

  dismiss(key) {
    this.queue.put({ target: `dismiss${key}`, url: `${this.url}dismiss/`, versionName: "version", text: false, body: [["key", key]] });
    this.queue.flush();
  }

  opened(card) {
    document.querySelectorAll(".open-letter").forEach(element => { element.textContent = card.dataset.letter; });
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
