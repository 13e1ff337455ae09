// Saves leave one at a time and stay in local storage until the server has acknowledged them.
// Each has an id made here, so that a repeat of one that did arrive is known for what it is.

const PATIENCE = 20000, FIRST_WAIT = 2000, LONGEST_WAIT = 30000;

export const newId = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");

export class SaveQueue {
  // hooks: say(state), apply(html, save), versionOf(target), setVersion(save, target)
  constructor(key, csrf, hooks) {
    Object.assign(this, { csrf, hooks, saves: [], busy: false, wait: FIRST_WAIT, timer: 0 });
    this.prefix = `proviso:${key}:`;
    this.key = this.prefix + newId();
  }

  // Take over what an earlier page left unacknowledged. Sending it twice does no harm: its ids are the same.
  adopt() {
    const keys = Object.keys(localStorage).filter(key => key.startsWith(this.prefix));
    this.saves = keys.flatMap(key => JSON.parse(localStorage.getItem(key)));
    keys.forEach(key => localStorage.removeItem(key));
    this.saves.forEach(save => { save.sending = save.held = false; });
    this.keep();
    return this.saves;
  }

  keep() {
    if (this.saves.length) localStorage.setItem(this.key, JSON.stringify(this.saves));
    else localStorage.removeItem(this.key);
  }

  get pending() { return this.saves.length > 0; }
  get stuck() { return this.saves.some(save => save.held); }

  // A text save replaces the one before it that has not left yet; anything else lines up behind.
  put(save) {
    const last = this.saves.findLast(other => other.target === save.target);
    if (save.text && last?.text && !last.sending) {
      Object.assign(last, { body: save.body, url: save.url, held: false, version: save.version ?? last.version });
    } else {
      const version = save.version ?? (last ? null : this.hooks.versionOf(save.target));
      this.saves.push({ id: newId(), ...save, version });
    }
    this.keep();
    this.hooks.say("saving");
  }

  drop(target) {
    this.saves = this.saves.filter(save => save.target !== target);
    this.keep();
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

  async sendAll() {
    for (let save; (save = this.saves.find(other => !other.held));) if (!await this.send(save)) return false;
    return !this.pending;
  }

  async send(save) {
    save.sending = true;
    save.version ??= this.hooks.versionOf(save.target);
    this.hooks.say("saving");
    try {
      const answer = await fetch(save.url, { ...this.request(save), redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      return this.answered(save, answer, answer.type === "opaqueredirect" ? "" : await answer.text());
    } catch {
      return this.failed(save, "unsaved");
    }
  }

  request(save) {
    const body = new URLSearchParams([...save.body, ["save", save.id], [save.versionName, save.version ?? ""]]);
    return { method: "POST", body, headers: { "X-CSRFToken": this.csrf, "HX-Request": "true" } };
  }

  answered(save, answer, html) {
    if (answer.type === "opaqueredirect" || answer.status === 403) return this.failed(save, "sign-in");
    if (answer.status >= 500) return this.failed(save, "unsaved");
    this.wait = FIRST_WAIT;
    save.sending = false;
    // What the server could not take as it stands waits for the person; it stays in local storage until they decide.
    save.held = save.text && (answer.status === 409 || answer.status === 422);
    if (!save.held) this.saves.splice(this.saves.indexOf(save), 1);
    this.hooks.apply(html, save, answer.status);
    const next = this.saves.find(other => other.target === save.target && !other.held);
    if (next && answer.ok) next.version = this.hooks.versionOf(save.target);
    this.keep();
    return true;
  }

  failed(save, state) {
    save.sending = false;
    this.hooks.say(state);
    if (state === "unsaved") this.later(this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }

  // The page is going away: send one save of each target in a request that outlives it. Their copies stay until acknowledged.
  farewell() {
    const first = new Map();
    for (const save of this.saves) if (!save.held && !first.has(save.target)) first.set(save.target, save);
    for (const save of first.values()) {
      if (save.sending) continue;
      save.version ??= this.hooks.versionOf(save.target);
      fetch(save.url, { ...this.request(save), keepalive: true }).catch(() => {});
    }
    this.keep();
  }
}
