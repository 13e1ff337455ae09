// Citing: by a number, by a click on a fragment, or by the words selected in it.

import { openCard } from "./cards.js";
import { current, fragment, makeCurrent, titleOf, toPoints } from "./fragments.js";

const hud = document.getElementById("hud"), pop = document.getElementById("pop");
const says = name => document.getElementById("says").content.querySelector(`[data-say=${name}]`).textContent;

export class Citing {
  constructor(cards, askForCard) {
    Object.assign(this, { cards, askForCard, digits: "" });
    document.addEventListener("selectionchange", () => this.selected());
    pop.addEventListener("pointerdown", event => event.preventDefault());
    pop.addEventListener("click", event => this.cite(event.target.closest("button")?.dataset.role));
    document.getElementById("fragments").addEventListener("click", event => {
      const button = event.target.closest("[data-act=cite-fragment]");
      if (button) this.citeFragment(button.closest(".fragment"), button.dataset.role);
    });
  }

  // A number begins with S where it is that of an added fragment.
  digit(figure) {
    this.digits = figure === "S" ? figure : (this.digits + figure).replace(/^(S?)0+/, "$1").slice(0, 4);
    const found = fragment(this.digits);
    hud.hidden = !this.digits;
    hud.querySelector("b").textContent = `${says("cite")} ${this.digits}…`;
    hud.querySelector("span").textContent = found ? titleOf(found) : says("none");
    if (found) makeCurrent(found);
  }

  forget() {
    const had = this.digits !== "";
    this.digits = "";
    hud.hidden = true;
    return had;
  }

  // The words selected within one fragment, in code points, without the white space around them.
  selection() {
    const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
    const prose = range && !range.collapsed && range.startContainer.parentElement?.closest(".prose");
    if (!prose || range.startContainer !== prose.firstChild) return null;
    // A triple click selects to the start of whatever stands behind the text.
    const inside = range.endContainer === prose.firstChild, text = prose.firstChild.data;
    if (!inside && (range.endOffset || range.endContainer.parentElement?.closest(".prose"))) return null;
    const raw = text.slice(range.startOffset, inside ? range.endOffset : undefined), quote = raw.trim();
    if (!quote) return null;
    const from = range.startOffset + raw.indexOf(quote);
    const start = toPoints(text, from), length = [...quote].length;
    return { rank: prose.closest(".fragment").dataset.rank, start, end: start + length, quote, box: range.getBoundingClientRect() };
  }

  selected() {
    const words = this.selection(), card = openCard();
    pop.hidden = !words || !card;
    if (pop.hidden) return;
    pop.dataset.c = card.dataset.c;
    pop.querySelector(".tag").textContent = card.dataset.letter;
    const width = pop.offsetWidth, left = Math.min(Math.max(8, words.box.left), innerWidth - width - 8);
    pop.style.left = `${left}px`;
    pop.style.top = `${Math.min(words.box.bottom + 6, innerHeight - 60)}px`;
  }

  // By number, else the selected words, else the current fragment; false where there is nothing to cite or nothing to cite it for.
  cite(role) {
    const card = openCard(), words = this.selection(), here = current();
    if (!role) return false;
    if (!card) return this.keepNumber();
    if (this.digits) this.cards.cite(card, { rank: this.digits, role });
    else if (words) this.citeWords(card, words, role);
    else if (here) this.cards.cite(card, { rank: here.dataset.rank, role });
    else return false;
    this.forget();
    return true;
  }

  // There is something to cite and no card to cite it for: the number stays, and says so.
  keepNumber() {
    if (this.digits) hud.querySelector("span").textContent = says("no-card");
    return this.digits !== "";
  }

  citeWords(card, { rank, start, end, quote }, role) {
    this.cards.cite(card, { rank, role, start, end, quote });
    getSelection().removeAllRanges();
    makeCurrent(fragment(rank), false);
  }

  citeFragment(element, role) {
    const card = openCard(), words = this.selection();
    if (!card) this.askForCard();
    else if (words?.rank === element.dataset.rank) this.citeWords(card, words, role);
    else this.cards.cite(card, { rank: element.dataset.rank, role });
  }
}
