"""The workbench as its templates draw it: cards, chips, coverage and findings, worked out from the record alone."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from annotator.actions.submitting import without_dismissed
from annotator.actions.supplementing import ranks_cited
from annotator.checks import Finding, letter_of
from annotator.fragment_lists import FragmentList, own_list
from annotator.models import Annotation, Mark, Note
from annotator.prepared import Prepared
from annotator.record import Annotation as AnnotationRecord
from annotator.record import Answer, Citation
from annotator.record import Condition as ConditionRecord
from annotator.standing import Standing, standing
from annotator.views.kept import kept, kept_lists

HUES = "ABCDEFGH"
Thread = tuple[Note, list[Note]]
marks = Prepared(lambda annotation: Mark.objects.filter(annotation=annotation).order_by(), -1)


@dataclass(frozen=True, slots=True)
class Chip:
    """A citation as a chip of its card."""

    citation: Citation
    title: str
    role: str
    answers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer as a row of its card, with the numbers of the fragments that are cited for it alone."""

    answer: Answer
    number: int
    own: list[str]


@dataclass(frozen=True, slots=True)
class Card:
    """A condition as a card: its letter and hue, its version, its rows and chips, and what the checks found."""

    condition: ConditionRecord
    place: int
    version: int
    findings: list[Finding]
    fragments: FragmentList
    opened: bool = False

    @property
    def html(self) -> SafeString:
        """Return the card as the page shows it; a card that has not changed is not rendered again."""
        shown = [(self.fragments.as_shown(one).label, self.fragments.title_of(one)) for one in self.condition.citations]
        key = repr((self.condition, self.place, self.version, self.findings, shown, self.opened))
        return kept.html(key, lambda: render_to_string("annotator/card.html#card", {"card": self, "mine": None}))

    @property
    def uid(self) -> str:
        return self.condition.uid

    @property
    def letter(self) -> str:
        return letter_of(self.place)

    @property
    def hue(self) -> str:
        return HUES[self.place % len(HUES)]

    @property
    def answers(self) -> list[AnswerRow]:
        own = defaultdict(list)
        for citation in self.condition.citations:
            if citation.answer and citation.rank:
                own[citation.answer].append(self.fragments.as_shown(citation).label)
        return [AnswerRow(part, number, own[part.uid]) for number, part in enumerate(self.condition.answers, 1)]

    @property
    def chips(self) -> list[Chip]:
        return [self._chip(citation) for citation in self.condition.citations]

    def _chip(self, citation: Citation) -> Chip:
        answers = [(f"answer:{part.uid}", str(number)) for number, part in enumerate(self.condition.answers, 1)]
        role = f"answer:{citation.answer}" if citation.answer else citation.role.value
        title = self.fragments.title_of(citation) or citation.title or ""
        return Chip(self.fragments.as_shown(citation), title, role, answers if len(answers) > 1 else [])


@dataclass(frozen=True, slots=True)
class Square:
    """A fragment in the coverage strip: cited, irrelevant, read, unread or added, and by which cards."""

    number: str
    state: str
    cards: list[tuple[Card, str]]

    @property
    def letters(self) -> str:
        return " ".join(card.letter for card, _role in self.cards)

    @property
    def key(self) -> tuple[object, ...]:
        """Return everything that the square's HTML follows from."""
        return self.number, self.state, [(card.uid, card.place, role) for card, role in self.cards]


@dataclass
class Bench:
    """One person's annotation on the workbench."""

    annotation: Annotation
    standing: Standing
    fragments: FragmentList
    opened: str = ""

    @classmethod
    def of(cls, annotation: Annotation, opened: str = "") -> "Bench":
        """Return the bench of an annotation; ``opened`` is the uid of the card to open."""
        return cls(annotation, standing(annotation), own_list(annotation), opened)

    @property
    def record(self) -> AnnotationRecord:
        return self.standing.record

    @cached_property
    def findings(self) -> list[Finding]:
        return without_dismissed(self.standing.findings, self.annotation)

    @property
    def overall_findings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.condition]

    @cached_property
    def cards(self) -> list[Card]:
        return [self.card(place, condition) for place, condition in enumerate(self.record.conditions)]

    @cached_property
    def threads(self) -> dict[str, list[Thread]]:
        """Return what was said of the work, by card; under none, what is about the whole. One query at most."""
        found: dict[str, list[Thread]] = defaultdict(list)
        uids = {part.uid for part in self.record.conditions}
        for thread in self.annotation.notes.all().threads() if self.annotation.discussed else ():
            uid = thread[0].condition
            found[uid if uid in uids else ""].append(thread)
        return found

    @property
    def cards_beside_notes(self) -> list[tuple[Card, list[Thread]]]:
        return [(card, self.threads.get(card.uid, [])) for card in self.cards]

    @property
    def notes_on_whole(self) -> list[Thread]:
        return self.threads.get("", [])

    def card(self, place: int, condition: ConditionRecord) -> Card:
        found = [finding for finding in self.findings if finding.condition == condition.uid]
        version = self.standing.versions[condition.uid]
        return Card(condition, place, version, found, self.fragments, condition.uid == self.opened)

    def card_of(self, uid: str) -> Card | None:
        return next((card for card in self.cards if card.uid == uid), None)

    @cached_property
    def marks(self) -> dict[int, str]:
        """Return the marks by the key of the listed fragment. One query."""
        return {mark.listed_id: mark.state for mark in marks.rows(self.annotation.pk)}

    @cached_property
    def named(self) -> set[int]:
        """Return the ranks of what was added and has been cited, so that it stays. Two queries."""
        return ranks_cited(self.annotation)

    @property
    def fragments_html(self) -> SafeString:
        """Return the frozen list as the page shows it; it never changes, so it is rendered once."""
        retrieval = self.annotation.question.retrieval
        return kept_lists.html(retrieval.digest if retrieval else "", self._rendered_fragments)

    def _rendered_fragments(self) -> SafeString:
        shown = self.fragments
        listed = [(rank, shown.titles[rank], shown.texts[str(rank)].text) for rank in shown.ranks]
        return render_to_string("annotator/workbench.html#fragments", {"listed": listed})

    @property
    def coverage(self) -> list[Square]:
        """Return the list at a glance, in order of rank, and behind it what was added."""
        cited: dict[str, dict[str, tuple[Card, str]]] = defaultdict(dict)
        for card in self.cards:
            for citation in card.condition.citations:
                number = self.fragments.as_shown(citation).label
                cited[number].setdefault(card.uid, (card, citation.role.value))
        squares = [self._square(rank, list(cited[str(rank)].values())) for rank in self.fragments.ranks]
        added = ((one.label, list(cited[one.label].values())) for one in self.fragments.added)
        return squares + [Square(label, "cited" if cards else "added", cards) for label, cards in added]

    @property
    def coverage_html(self) -> SafeString:
        """Return the strip as the page shows it; one that looks the same is not rendered again."""
        squares = self.coverage
        parts = {"bench": {"coverage": squares}, "oob": False}
        return kept.html(
            repr([square.key for square in squares]), lambda: render_to_string("annotator/card.html#coverage", parts)
        )

    def _square(self, rank: int, cards: list[tuple[Card, str]]) -> Square:
        mark = self.marks.get(self.fragments.lines[False, rank], "unread")
        return Square(str(rank), "cited" if cards else mark, cards)
