"""The adjudication screen as its templates draw it: columns, rows, evidence, and where each part of gold is from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotator import record
from annotator.actions.adjudicating import draft_shown, proposed
from annotator.aligned import Row, Work
from annotator.checks import Finding
from annotator.decisions import Card, Said
from annotator.desk import Desk
from annotator.fragment_lists import Added, FragmentList, fragment_list
from annotator.models import Annotation, Note
from annotator.origins import origins
from annotator.record import Citation, Condition
from annotator.similarity import same_text
from annotator.views.bench import AnswerRow
from annotator.views.bench import Card as GoldCard
from annotator.views.evidence import Evidence, marked

APART = {"verdict": gettext_lazy("verdict"), "condition": gettext_lazy("condition"), "answers": gettext_lazy("answers")}


@dataclass(frozen=True, slots=True)
class Column:
    """One person's column; ``name`` is a number unless names are shown."""

    number: int
    name: str
    work: Work
    note: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one person has in a row, and which parts of it gold took."""

    column: Column
    card: Card | None = None
    took: frozenset[str] = frozenset()
    changed: bool = False


@dataclass(frozen=True)
class Shown:
    """A row with its number on the screen."""

    row: Row
    number: int
    cells: list[Cell]
    drafts: list[tuple[Card, float]]
    draft_open: bool
    active: bool
    fresh: str
    fragments: FragmentList
    names: dict[int, str]

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def id(self) -> str:
        """Return an id for the page: of the first condition, so that it stays while the row grows."""
        node = self.row.parts[0].node if self.row.parts else (0, self.uid)
        return f"row-{node[0]}-{node[1]}"

    @property
    def uid(self) -> str:
        """Return the uid of the row's gold condition, or the one under which it would begin."""
        return self.row.decision.condition if self.row.gold and self.row.decision else self.fresh

    @cached_property
    def looks(self) -> str:
        """Say all that the row shows while it is folded, besides what the whole screen does."""
        return repr((self.row, self.number, self.drafts, self.draft_open))

    @cached_property
    def label(self) -> str:
        row = self.row
        if row.decided:
            return _("Accepted") if row.gold else _("Left out")
        if row.state == "undecided":
            return _("Undecided · %(some)s of %(all)s") % {"some": len(row.cards), "all": row.people}
        if row.state == "agreed":
            return _("Agreed")
        return " · ".join([_("Disagree"), *(str(APART[name]) for name in row.apart)])

    @cached_property
    def card(self) -> GoldCard:
        """Return the gold condition as a card of the workbench has it, so that its fields are the same."""
        gold = self.row.gold or Condition(self.uid, answers=(record.Answer(f"{self.uid[:28]}-new"),))
        return GoldCard(gold, 0, 0, [], self.fragments)

    @property
    def answers(self) -> list[AnswerRow]:
        return self.card.answers

    @cached_property
    def proposal(self) -> Condition | None:
        """Return what gold would say where all agree and nothing is adopted yet."""
        if self.row.state != "agreed" or self.row.gold:
            return None
        said, decision = proposed(Said(), self.row)
        return said.record.condition(decision.condition)

    @cached_property
    def proposed_by(self) -> int:
        nearest = self.row.nearest
        return next((cell.column.number for cell in self.cells if cell.card == nearest), 0)

    @property
    def one_card(self) -> bool:
        return len(self.row.cards) == 1

    @cached_property
    def origins(self) -> list[str]:
        """Return in words where the parts of gold come from."""
        gold, decision = self.row.gold, self.row.decision
        if gold is None or decision is None:
            return []
        sources = [card.condition for card in (*self.row.cards, *(card for card, _score in self.drafts))]
        return list(origins(gold, decision.parts, self.names, sources))


@dataclass
class Screen:
    """One question on an adjudicator's screen."""

    desk: Desk
    wanted: str = ""
    names: bool = False

    @cached_property
    def fragments(self) -> FragmentList:
        return fragment_list(self.desk.question)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column(number, self.name_of(number, work), work, work.record.note)
            for number, work in enumerate(self.desk.people, 1)
        ]

    @cached_property
    def seats(self) -> list[tuple[int, str]]:
        """Return whose column is where, and under which name; drafts come behind people."""
        drafts = [(draft.annotation, _("the draft")) for draft in self.desk.drafts]
        return [(one.work.annotation, one.name) for one in self.columns] + drafts

    @cached_property
    def numbers(self) -> dict[int, str]:
        """Return how provenance names each annotation in short: people by number."""
        return dict(self.seats) | {one.work.annotation: str(one.number) for one in self.columns}

    def name_of(self, number: int, work: Work) -> str:
        author = self.desk.authors[work.annotation].author
        return author.name if self.names and author else _("Annotator %(number)s") % {"number": number}

    @cached_property
    def active(self) -> Row | None:
        """Return the row that was asked for, else the first that is not settled, else the first."""
        rows = self.desk.rows
        asked = next((row for row in rows if row.key == self.wanted), None) or self.grown
        return asked or next((row for row in rows if not row.settled), rows[0] if rows else None)

    @property
    def grown(self) -> Row | None:
        """Return the row that holds the first condition of the one that was asked for."""
        first = self.wanted.partition("~")[0].split(".", 2)
        if len(first) == 3:
            node = (first[0], first[2])
            return next(
                (row for row in self.desk.rows if node in {(str(p.annotation), p.uid) for p in row.parts}), None
            )
        gold = self.wanted.removeprefix("gold.")
        return next((row for row in self.desk.rows if gold and row.gold and row.gold.uid == gold), None)

    @cached_property
    def rows(self) -> list[Shown]:
        return [self.shown(number, row) for number, row in enumerate(self.desk.rows, 1)]

    def shown(self, number: int, row: Row) -> Shown:
        by_annotation = {card.part.annotation: card for card in row.cards}
        changed = {part.annotation for part in row.changed}
        cells = [
            Cell(column, card, took_of(row, card), column.work.annotation in changed)
            for column in self.columns
            for card in [by_annotation.get(column.work.annotation)]
        ]
        opened = draft_shown(self.desk, row)
        drafts = self.desk.drafted.get(row.gold.uid, []) if row.gold and opened else []
        active = row is self.active
        return Shown(row, number, cells, drafts, opened, active, record.new_uid(), self.fragments, self.numbers)

    @property
    def current(self) -> Shown | None:
        return next((row for row in self.rows if row.active), None)

    @property
    def agreed(self) -> list[Shown]:
        return [shown for shown in self.rows if shown.row.state == "agreed"]

    @property
    def least(self) -> float:
        """Return from which S on rows count as agreed in the project."""
        return self.desk.question.batch.project.agreed_from

    @property
    def undecided(self) -> list[Shown]:
        return [shown for shown in self.rows if not shown.row.decided]

    @property
    def unsettled(self) -> list[Shown]:
        return [shown for shown in self.rows if not shown.row.settled]

    def at_fault(self, findings: Sequence[Finding]) -> list[Shown]:
        """Return the rows that keep it from gold, by what was found."""
        cards = {one.condition for one in findings}
        rows = any(one.about in ("undecided", "changed") for one in findings)
        return [
            shown
            for shown in self.rows
            if (rows and not shown.row.settled) or (shown.row.gold and shown.row.gold.uid in cards)
        ]

    @property
    def disagreeing(self) -> list[Shown]:
        return [shown for shown in self.rows if shown.row.state in ("disagree", "undecided")]

    @property
    def accepted(self) -> int:
        return sum(shown.row.decided for shown in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        states = [shown.row.state for shown in self.rows]
        return {state: states.count(state) for state in ("disagree", "undecided", "agreed", "accepted")}

    @property
    def others(self) -> list[Shown]:
        """Return the rows that the active one may be joined with: nobody stands in both, and none is decided."""
        row = self.active
        if row is None:
            return []
        people = {part.annotation for part in row.parts}
        return [
            shown
            for shown in self.undecided
            if not shown.active and not people & {part.annotation for part in shown.row.parts}
        ]

    @property
    def verdicts(self) -> list[tuple[Column, str]]:
        return [(one, one.work.record.verdict.label if one.work.record.verdict else _("none")) for one in self.columns]

    @cached_property
    def noted(self) -> list[tuple[Column, int]]:
        """Return each person's column with how many notes there are on their work. One query."""
        counted = Note.objects.filter(annotation__in=[one.work.annotation for one in self.columns]).order_by()
        numbers = dict(counted.values_list("annotation").annotate(number=Count("pk")))
        return [(one, numbers.get(one.work.annotation, 0)) for one in self.columns]

    @property
    def adjudicates_own(self) -> Annotation | None:
        """Return the adjudicator's own annotation of the question, where the project lets them judge it."""
        question = self.desk.question
        own = (self.desk.authors[work.annotation] for work in self.desk.people)
        return next((one for one in own if one.author_id == question.adjudicator_id), None)

    # Evidence

    @cached_property
    def evidence(self) -> list[Evidence]:
        """Return the question's fragments, those of the active row first, each in order of rank, added ones last."""
        cited: dict[str, list[tuple[Citation, int]]] = defaultdict(list)
        for cell in self.current.cells if self.current else []:
            for one in cell.card.condition.citations if cell.card else ():
                cited[self.fragments.as_shown(one).label].append((one, cell.column.number))
        everybodys = (self.fragments.said(work.record) for work in self.desk.people)
        anywhere = {one.label for said in everybodys for _condition, one in said.citations()}
        listed = [(str(rank), self.fragments.titles[rank], "") for rank in self.fragments.ranks]
        added = [(one.label, one.fragment.title, self.added_by(one)) for one in self.fragments.added]
        found = [
            self.piece(number, title, cited.get(number, []), number in anywhere, by)
            for number, title, by in listed + added
        ]
        return sorted(found, key=lambda one: not one.in_row)

    def added_by(self, added: Added) -> str:
        """Say who added a fragment, by the names that the columns have."""
        names = [column.name for column in self.columns if column.work.annotation in added.by]
        return _("Added by %(names)s") % {"names": ", ".join(names)} if names else _("Added")

    def piece(self, number: str, title: str, cited: list[tuple[Citation, int]], anywhere: bool, by: str) -> Evidence:
        text = self.fragments.texts[number].text
        spans = [
            (one.start, one.end, one.role, who) for one, who in cited if one.start is not None and one.end is not None
        ]
        roles = [one.role.value for one, _who in cited]
        words = " · ".join(f"{roles.count(role)} {role}" for role in dict.fromkeys(roles))
        return Evidence(number, title, list(marked(text, spans)), words, bool(cited), anywhere, by)


def took_of(row: Row, card: Card | None) -> frozenset[str]:
    """Return which parts of a card gold took: text, answers, citations."""
    gold = row.gold
    if card is None or gold is None or row.decision is None:
        return frozenset()
    part = next((part for part in row.decision.parts if part.node == card.part.node), None)
    gave = {uid for uid, _source in part.gave} if part else set()
    found = {
        "text": gold.uid in gave and same_text(gold.text, card.condition.text),
        "answers": any(answer.uid in gave for answer in gold.answers),
        "citations": any(citation.uid in gave for citation in gold.citations),
    }
    return frozenset(name for name, took in found.items() if took)
