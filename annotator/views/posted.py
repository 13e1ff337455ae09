"""A form of the page without script that could not be stored, shown again: nothing that was typed is lost."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from annotator import record
from annotator.cards import typed
from annotator.views.bench import Bench, Card
from annotator.views.cards import answers_of, sides_of, typed_overall
from annotator.views.request import number_in


@dataclass(frozen=True, slots=True)
class PostedCard(Card):
    """A card with what was posted; ``theirs`` is what stands where that changed since. A removed one stands nowhere."""

    cite: str = ""
    citefor: str = ""
    theirs: record.Condition | None = None
    removed: bool = False

    @property
    def html(self) -> SafeString:
        mine = self.condition if self.theirs else None
        sides = sides_of(self.condition, self.theirs) if self.theirs else None
        return render_to_string("annotator/card.html#card", {"card": self, "mine": mine, "sides": sides})


def posted_cards(post: QueryDict, bench: Bench, refused: Collection[str]) -> list[Card]:
    """Return the cards of the bench, those ``refused`` as posted; what was removed elsewhere stands where it stood."""
    cards = [posted_card(post, card) if card.uid in refused else card for card in bench.cards]
    for place, uid in enumerate(dict.fromkeys(post.getlist("card"))):
        if uid in refused and not bench.card_of(uid):
            version = number_in(post, f"version.{uid}")
            blank = Card(record.Condition(uid), len(cards), version, [], bench.fragments)
            cards.insert(place, posted_card(post, blank, removed=True))
    return cards


def posted_card(post: QueryDict, card: Card, *, removed: bool = False) -> PostedCard:
    """Return a card with what was posted for it, under the version that stands: saved again, it is stored."""
    uid = card.uid
    return PostedCard(
        typed(post, uid, []).applied_to(card.condition),
        card.place,
        card.version,
        card.findings,
        card.fragments,
        opened=True,
        cite=post.get(f"cite.{uid}", ""),
        citefor=post.get(f"citefor.{uid}", ""),
        theirs=None if number_in(post, f"version.{uid}") == card.version else card.condition,
        removed=removed,
    )


def unsaved(post: QueryDict, stands: record.Annotation) -> Iterator[tuple[str, str]]:
    """Yield every posted text that does not stand: what it is, and the text."""
    for uid in dict.fromkeys(post.getlist("card")):
        stored = stands.condition(uid) or record.Condition(uid)
        mine = typed(post, uid, []).applied_to(stored)
        if (mine.text, mine.answers) != (stored.text, stored.answers):
            yield _("Condition"), f"{mine.text}\n\n{answers_of(mine)}"
    said = typed_overall(post, [])
    if said.verdict and said.verdict != stands.verdict:
        yield _("Verdict"), said.verdict.label
    if said.reason != stands.reason:
        yield _("Reason"), said.reason
    if said.note != stands.note:
        yield _("Note"), said.note
