// Saves leave one at a time and stay in local storage until the server has acknowledged them.
// Each has an id made here, so that a repeat of one that did arrive is known for what it is.

const PATIENCE = 20000, FIRST_WAIT = 2000, LONGEST_WAIT = 30000;
const CONFLICT = 409, REFUSED = 422;

export const newId = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");

export class SaveQueue {
  // hooks: show(state), apply(html, save, status, step), versionOf(save)
  constructor(key, csrf, hooks) {
    Object.assign(this, { csrf, hooks, saves: [], busy: false, flying: null, trouble: "", wait: FIRST_WAIT, timer: 0, closed: false });
    this.prefix = `proviso:${key}:`;
    this.key = this.prefix + newId();
  }

  // Take over what an earlier page left unacknowledged. Sending it twice does no harm: its ids are the same.
  adopt() {
    const keys = Object.keys(localStorage).filter(key => key.startsWith(this.prefix));
    this.saves = keys.flatMap(key => JSON.parse(localStorage.getItem(key)));
    keys.forEach(key => localStorage.removeItem(key));
    this.saves.forEach(save => { save.held = 0; });
    this.keep();
    return this.saves;
  }

  keep() {
    try {
      if (this.saves.length) localStorage.setItem(this.key, JSON.stringify(this.saves));
      else localStorage.removeItem(this.key);
    } catch {
      // Storage is full or forbidden: the save still goes to the server.
    }
  }

  get pending() { return this.saves.length > 0; }
  get held() { return this.saves.filter(save => save.held); }

  // What is true of the whole just now: nothing is called saved while anything is not.
  get state() {
    if (this.held.length) return "choice";
    return this.trouble || (this.saves.some(save => !save.quiet) ? "saving" : "saved");
  }

  show() { this.hooks.show(this.state); }

  // A text replaces the one before it that has not left yet. What left once may have arrived: it keeps its id and its
  // words, and later ones follow in a save of their own. Anything else lines up behind.
  put(save) {
    if (this.closed && save.quiet) return;
    const last = this.saves.findLast(other => other.target === save.target), held = last?.held === CONFLICT ? CONFLICT : 0;
    if (save.text && last?.text && (last.held || !last.sent)) Object.assign(last, { body: save.body, held });
    else this.saves.push({ id: newId(), held, sent: false, version: last ? null : this.hooks.versionOf(save), ...save });
    this.keep();
    this.show();
  }

  // The work is being handed in: what was only noticed, as that a fragment was read, would come behind it and be refused.
  close() { this.closed = true; }

  drop(target) {
    this.saves = this.saves.filter(save => save.target !== target);
    this.keep();
  }

  // Let what was held back leave once more.
  release(target) {
    for (const save of this.saves) if (save.target === target) save.held = 0;
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  // Send everything that is waiting; resolves to whether all of it was acknowledged.
  async flush() {
    clearTimeout(this.timer);
    if (this.busy) return this.busy;
    this.busy = this.sendAll();
    const done = await this.busy;
    this.busy = false;
    return done;
  }

  // A save that the server fails on keeps back its own card only; a server out of reach ends the round.
  async sendAll() {
    const failed = new Set();
    let outcome = "";
    for (let save; outcome !== "away" && (save = this.saves.find(other => !other.held && !failed.has(other.target)));) {
      outcome = await this.send(save);
      if (outcome) failed.add(save.target);
    }
    if (!failed.size) Object.assign(this, { trouble: "", wait: FIRST_WAIT });
    if (this.trouble === "unsaved") this.later(this.wait);
    if (this.trouble) this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.show();
    return !this.pending;
  }

  // Resolves to "" where the server took it or said why not, "failed" where it could not, "away" where nobody answered.
  async send(save) {
    save.version ??= this.hooks.versionOf(save);
    save.sent = true;
    this.flying = save;
    this.keep();
    this.show();
    try {
      const answer = await fetch(save.url, { ...this.request(save), redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      return this.answered(save, answer, answer.type === "opaqueredirect" ? "" : await answer.text());
    } catch {
      return this.failed("unsaved", "away");
    } finally {
      this.flying = null;
    }
  }

  request(save) {
    const body = new URLSearchParams([...save.body, ["save", save.id], [save.versionName, save.version ?? ""]]);
    return { method: "POST", body, headers: { "X-CSRFToken": this.csrf(), "HX-Request": "true" } };
  }

  answered(save, answer, html) {
    const refused = answer.status === CONFLICT || answer.status === REFUSED;
    if (answer.type === "opaqueredirect" || answer.status === 403) return this.failed("sign-in", "away");
    if (!answer.ok && !refused && (save.holds || answer.status >= 500)) return this.failed("unsaved", "failed");
    this.trouble = "";
    if (refused && save.holds) this.hold(save, answer.status);
    else this.saves.splice(this.saves.indexOf(save), 1);
    this.hooks.apply(html, save, answer.status, answer.headers.get("X-Step"));
    const next = this.saves.find(other => other.target === save.target && !other.held);
    if (next && answer.ok) next.version = this.hooks.versionOf(save);
    this.keep();
    return "";
  }

  // What the server could not take as it stands waits for the person, and what lines up behind it waits too; all of it
  // stays in local storage until they decide. A command that it refused is spent; a text that later words replace as well.
  hold(save, status) {
    const next = this.saves.find(other => other !== save && other.target === save.target);
    if (status === REFUSED && (!save.text || next?.text)) {
      if (next) next.version = save.version;
      this.saves.splice(this.saves.indexOf(save), 1);
    } else if (status === REFUSED) {
      Object.assign(save, { held: status, sent: false });
    } else {
      for (const other of this.saves) if (other.target === save.target) other.held = status;
    }
  }

  failed(trouble, outcome) {
    this.trouble = trouble;
    return outcome;
  }

  // The page is going away: send one save of each target in a request that outlives it. Their copies stay until acknowledged.
  farewell() {
    const first = new Map();
    for (const save of this.saves) if (!save.held && !first.has(save.target)) first.set(save.target, save);
    for (const save of first.values()) {
      if (save === this.flying) continue;
      save.version ??= this.hooks.versionOf(save);
      save.sent = true;
      fetch(save.url, { ...this.request(save), keepalive: true }).catch(() => {});
    }
    this.keep();
  }
}
