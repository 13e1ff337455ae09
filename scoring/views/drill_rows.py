"""Gold beside a prediction as rows of the page: pairs with what the judge says of them, then what stands alone."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotator.alignment import Places
from annotator.checks import letter_of
from annotator.contrast import YEAR, differing, differing_answers
from annotator.record import Annotation, Citation, Condition
from scoring.measures.citations import of_sets, sets
from scoring.models import EvaluatedSystem, Proposal
from scoring.scored import Part

LONGEST_NAME = 28
STATES = {
    "matched": gettext_lazy("in both"),
    "missed": gettext_lazy("missed by the system"),
    "extra": gettext_lazy("not in gold"),
    "outside": gettext_lazy("names no fragment of the list; it counts for nothing"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A citation: how it is ``shown``, its ``state`` (matched, missed, extra or outside), and its line in the list."""

    shown: str
    state: str
    line: str = ""

    @property
    def says(self) -> str:
        """Return the state in words."""
        return str(STATES[self.state])


@dataclass(frozen=True, slots=True)
class Half:
    """A condition of one side under its letter or number, with its citations."""

    tag: str
    condition: Condition
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Meter:
    """How alike a pair is in one thing, 0 to 1; where there is no value ``why`` says why."""

    label: str
    value: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """A pair, a condition of gold that was missed, or an extra one; ``state`` says which.

    An extra one may have been proposed for gold.
    """

    state: str
    gold: Half | None = None
    predicted: Half | None = None
    meters: tuple[Meter, ...] = ()
    flags: tuple[str, ...] = ()
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What gold or a system says, and which fragment stands where in its list; ``listed`` names that list."""

    said: Annotation
    places: Places
    listed: str

    def part(self, place: int) -> Part:
        return Part.of(self.said.conditions[place], self.places)

    def half(self, place: int, tag: str, other: Collection[Hashable], alone: str) -> Half:
        """Return a condition; a citation of a fragment that the other side has not is ``alone``."""
        condition = self.said.conditions[place]
        chips = dict.fromkeys(self.chip(one, other, alone) for one in sorted(condition.citations, key=rank_of))
        return Half(tag, condition, tuple(chips))

    def chip(self, citation: Citation, other: Collection[Hashable], alone: str) -> Chip:
        fragment = None if citation.supplementary else self.places.get((False, citation.rank or 0))
        if fragment is None:
            return Chip(outside(citation), "outside")
        line = f"{self.listed}-{citation.rank}"
        return Chip(str(citation.rank), "matched" if fragment in other else alone, line)


def rank_of(citation: Citation) -> tuple[bool, int]:
    return citation.rank is None or citation.supplementary, citation.rank or 0


def outside(citation: Citation) -> str:
    """Return what a citation says that names no fragment of the frozen list."""
    if citation.rank is not None:
        return _("added %(rank)s") % {"rank": citation.label}
    said = citation.title or citation.text or "?"
    return said if len(said) <= LONGEST_NAME else f"{said[: LONGEST_NAME - 1]}…"


def rows_of(
    gold: Side,
    predicted: Side,
    pairs: Sequence[Mapping[str, Any]],
    proposals: Mapping[str, Proposal],
    system: EvaluatedSystem,
) -> Iterator[Row]:
    """Yield gold's conditions in order, each with the one that answers for it, then what the system alone has.

    ``proposals`` are by the uid of the system's condition.
    """
    beside = {pair["gold"]: pair for pair in pairs}
    for place in range(len(gold.said.conditions)):
        if place in beside:
            yield pair_of(gold, predicted, beside[place], system)
        else:
            yield Row("missed", gold=gold.half(place, letter_of(place), (), "missed"))
    paired = {pair["predicted"] for pair in pairs}
    for place in range(len(predicted.said.conditions)):
        if place not in paired:
            half = predicted.half(place, str(place + 1), (), "extra")
            yield Row("extra", predicted=half, proposal=proposals.get(half.condition.uid))


def pair_of(gold: Side, predicted: Side, pair: Mapping[str, Any], system: EvaluatedSystem) -> Row:
    """Return a pair with its similarities and what in it contradicts."""
    first, second = pair["gold"], pair["predicted"]
    own, theirs = gold.part(first), predicted.part(second)
    citation = of_sets(*sets(own, theirs))[2] if system.cites else None
    silent, uncited = _("the judge gave no verdict"), _("it cites nothing")
    alike, unsaid = (pair["condition"], silent) if system.conditional else (None, _("it names no conditions"))
    meters = (
        Meter(_("condition"), alike, unsaid),
        Meter(_("answer"), pair["answer"], silent),
        Meter(_("citation"), citation, uncited),
    )
    return Row(
        "matched",
        gold.half(first, letter_of(first), theirs.cited, "missed"),
        predicted.half(second, str(second + 1), own.cited, "extra"),
        meters,
        tuple(flags_of(gold.said.conditions[first], predicted.said.conditions[second])),
    )


def flags_of(gold: Condition, predicted: Condition) -> Iterator[str]:
    """Yield where the answers contradict each other, and in what the conditions differ."""
    own, other = ("; ".join(answer.text for answer in one.answers) for one in (gold, predicted))
    for mine, theirs in differing_answers(own, other):
        words = {"gold": mine, "predicted": theirs}
        yield named(f"{mine}, {theirs}".split(", ")) % words
    for mine, theirs in differing(gold.text, predicted.text):
        yield _("differs in: %(gold)s / %(predicted)s") % {"gold": mine, "predicted": theirs}


def named(words: Sequence[str]) -> str:
    """Return what words contradict each other in an answer: dates, numbers or others."""
    if all(map(YEAR.match, words)):
        return _("dates differ: %(gold)s / %(predicted)s")
    if any(word[:1].isdigit() for word in words):
        return _("numbers differ: %(gold)s / %(predicted)s")
    return _("answers differ: %(gold)s / %(predicted)s")


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list at hand, with the conditions of gold and of the system that cite it."""

    rank: int
    title: str
    text: str
    gold: str
    predicted: str


def cited_in(side: Side, tag_of: Mapping[int, str]) -> dict[Hashable, str]:
    """Return which conditions cite each fragment, by their tags."""
    found: dict[Hashable, list[str]] = {}
    for place in range(len(side.said.conditions)):
        for fragment in side.part(place).cited:
            found.setdefault(fragment, []).append(tag_of[place])
    return {fragment: " ".join(tags) for fragment, tags in found.items()}
