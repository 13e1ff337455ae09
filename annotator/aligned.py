"""The rows of an adjudication: several people's conditions aligned, with what was decided kept as it is.

Pure. What was decided is carved out of the alignment, so new or changed work finds its place without touching it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from statistics import mean

from annotator.alignment import SAME, Compared, Likeness, align, assignment, best, likenesses, soft_f1
from annotator.contrast import differing
from annotator.decisions import Card, Decision, Kind, Node, Part, Said
from annotator.joining import align_many, carved
from annotator.record import Annotation, Condition, Verdict
from annotator.similarity import MONTH_WORDS, even, facts

Place = tuple[int, int]
Answers = tuple[tuple[str, ...], ...]
KEPT = 4096  # pairs of answers
KEPT_ROWS = 256  # of about 50 kB, where five people wrote


@dataclass(frozen=True, slots=True)
class Work:
    """What one person submitted, or a machine drafted, at its last revision."""

    annotation: int
    revision: int
    record: Annotation
    compared: tuple[Compared, ...]

    def card(self, place: int) -> Card:
        condition = self.record.conditions[place]
        return Card(Part(self.annotation, condition.uid, self.revision), condition)


@dataclass(frozen=True)
class Row:
    """Conditions that are one and the same: at most one of each of ``people`` persons."""

    cards: tuple[Card, ...]
    people: int
    alike: tuple[Likeness, ...] = ()
    decision: Decision | None = None
    gold: Condition | None = None
    least: float = SAME
    same_verdict: bool = True

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(card.part for card in self.cards)

    @cached_property
    def key(self) -> str:
        """Name the row with everything by which it was known when it was shown; what changed since has another key."""
        parts = (f"{part.annotation}.{part.revision}.{part.uid}" for part in self.parts)
        return "~".join(parts) or f"gold.{self.decision.condition if self.decision else ''}"

    @cached_property
    def agreement(self) -> float:
        """Return the mean S over all pairs of people; where one of them has no such condition it is 0."""
        pairs = self.people * (self.people - 1) / 2
        return sum(one.score for one in self.alike) / pairs if pairs else 1.0

    @cached_property
    def text(self) -> float | None:
        return mean_of(one.text for one in self.alike)

    @cached_property
    def answers(self) -> float | None:
        return mean_of(one.answers for one in self.alike)

    @cached_property
    def differing(self) -> list[tuple[str, str]]:
        """Return the words that exclude each other, where R says so."""
        if not any(one.conflict > 0 for one in self.alike):
            return []
        texts = (card.condition.text for card in self.cards)
        return list(dict.fromkeys(pair for one, other in combinations(texts, 2) for pair in differing(one, other)))

    @cached_property
    def facts_differ(self) -> list[tuple[str, str]]:
        """Return the numbers and months by which two answers that are paired exclude each other."""
        answers = (tuple(one.wordings for one in card.condition.answers) for card in self.cards)
        return list(dict.fromkeys(pair for one, other in combinations(answers, 2) for pair in facts_apart(one, other)))

    @property
    def decided(self) -> bool:
        return bool(self.decision and self.decision.kind.closes)

    @property
    def whole(self) -> bool:
        """Return whether every person has such a condition."""
        return len(self.cards) == self.people > 0

    @cached_property
    def conflict(self) -> bool:
        """Return whether conditions, or paired answers, say what excludes each other."""
        return any(one.conflict > 0 for one in self.alike) or bool(self.facts_differ)

    @cached_property
    def agreed(self) -> bool:
        """Return whether all of several people agree: on verdict, S and answers at least so alike, nothing excluded."""
        near = all(min(one.score, 1.0 if one.answers is None else one.answers) >= self.least for one in self.alike)
        return self.people > 1 and self.whole and self.same_verdict and near and not self.conflict

    @property
    def obvious(self) -> bool:
        """Return whether what gold would say goes without saying: all agree, or there is one card."""
        return self.agreed or len(self.cards) == 1

    @property
    def score(self) -> float | None:
        """Return S of the two cards that are least alike, None where there are no two."""
        return min((one.score for one in self.alike), default=None)

    @property
    def apart(self) -> list[str]:
        """Return what keeps people from agreeing: the verdict, or conditions or answers less alike than is asked."""
        answers = min((one.answers for one in self.alike if one.answers is not None), default=1.0)
        texts = min((one.text for one in self.alike if one.text is not None and one.score < self.least), default=1.0)
        found = {"verdict": not self.same_verdict, "condition": texts < self.least, "answers": answers < self.least}
        return [name for name, differs in found.items() if differs]

    @cached_property
    def state(self) -> str:
        if self.decided:
            return "accepted"
        if self.agreed:
            return "agreed"
        return "disagree" if self.whole and self.people > 1 else "undecided"

    @cached_property
    def changed(self) -> list[Part]:
        """Return the parts that came, or were revised, after the row was decided."""
        if not self.decided or self.decision is None:
            return []
        known = {(part.node, part.revision) for part in self.decision.parts}
        return [part for part in self.parts if (part.node, part.revision) not in known]

    @property
    def settled(self) -> bool:
        """Return whether the row is decided, and of work that stands as it did then."""
        return self.decided and not self.changed

    @cached_property
    def nearest(self) -> Card | None:
        """Return the card that is most like all others: what gold would say where all agree."""
        if not self.cards:
            return None
        pairs = list(combinations(range(len(self.cards)), 2))
        sums = [
            sum(one.score for pair, one in zip(pairs, self.alike, strict=True) if place in pair)
            for place in range(len(self.cards))
        ]
        return self.cards[max(range(len(sums)), key=lambda place: (round(sums[place], 9), -place))]


@lru_cache(maxsize=KEPT)
def facts_apart(first: Answers, second: Answers) -> list[tuple[str, str]]:
    """Return, of answers paired one to one, the numbers and months that each side alone tells, where both do."""
    return list(facts_told_apart(first, second))


def facts_told_apart(first: Answers, second: Answers) -> Iterator[tuple[str, str]]:
    scores = [[best(one, other, "", even) for other in second] for one in first]
    for i, j in assignment(scores):
        one, other = numbers_of(first[i]), numbers_of(second[j])
        if one - other and other - one:
            yield ", ".join(sorted(one - other)), ", ".join(sorted(other - one))


def numbers_of(wordings: Sequence[str]) -> set[str]:
    found = (fact for text in wordings for fact in facts(text))
    return {fact for fact in found if fact[0].isdigit() or fact in MONTH_WORDS}


def mean_of(values: Iterator[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return mean(found) if found else None


@lru_cache(maxsize=KEPT_ROWS)
def joined(sides: tuple[tuple[Compared, ...], ...], question: str) -> list[frozenset[Place]]:
    return align_many(sides, question)


def rows_of(works: Sequence[Work], said: Said, question: str, least: float = SAME) -> list[Row]:
    """Return the rows of several people's work, lowest agreement first.

    They are those of the alignment, with what was decided carved out of it: deciding one row never moves another.
    """
    places = {
        (work.annotation, condition.uid): (side, place)
        for side, work in enumerate(works)
        for place, condition in enumerate(work.record.conditions)
    }
    held = [decision for decision in said.decisions if decision.kind is not Kind.APART]
    aligned = joined(tuple(work.compared for work in works), question)
    groups = [placed(decision, places) for decision in held]

    def score(one: Place, other: Place) -> float:
        return between(works, min(one, other), max(one, other), question).score

    found = carved(aligned, groups, apart_in(said, places), score)
    of = {places[node]: decision for decision in held for node in decision.nodes if node in places}
    verdicts = {work.record.verdict for work in works}
    shown = [made(works, sorted(row), of, said, question, least, len(verdicts) == 1) for row in found]
    used = {row.decision for row in shown}
    bare = [alone(decision, said, len(works)) for decision in held if decision not in used and decision.condition]
    return sorted([*shown, *bare], key=lambda row: (row.agreement, row.key.split("~")[0]))


def placed(decision: Decision, places: Mapping[Node, Place]) -> frozenset[Place]:
    return frozenset(places[node] for node in decision.nodes if node in places)


def apart_in(said: Said, places: Mapping[Node, Place]) -> set[frozenset[Place]]:
    """Return the pairs that an adjudicator took apart, of which both conditions still stand."""
    pairs = (placed(decision, places) for decision in said.decisions if decision.kind is Kind.APART)
    return {pair for pair in pairs if len(pair) > 1}


def made(
    works: Sequence[Work],
    row: Sequence[Place],
    of: dict[Place, Decision],
    said: Said,
    question: str,
    least: float,
    same_verdict: bool,
) -> Row:
    alike = tuple(between(works, one, other, question) for one, other in combinations(row, 2))
    decision = next((of[place] for place in row if place in of), None)
    gold = said.record.condition(decision.condition) if decision else None
    cards = tuple(works[side].card(place) for side, place in row)
    return Row(cards, len(works), alike, decision, gold, least, same_verdict)


def between(works: Sequence[Work], one: Place, other: Place, question: str) -> Likeness:
    """Return how alike two people's conditions are; each pair is asked for in one order, under which it is kept."""
    (side, i), (another, j) = one, other
    return likenesses(works[side].compared, works[another].compared, question)[i][j]


def alone(decision: Decision, said: Said, people: int) -> Row:
    """Return the row of a gold condition that nobody's present work stands behind."""
    return Row((), people, (), decision, said.record.condition(decision.condition))


def agreed_verdict(works: Sequence[Work]) -> Verdict | None:
    """Return the verdict of all, None where they differ."""
    verdicts = {work.record.verdict for work in works}
    return verdicts.pop() if len(verdicts) == 1 else None


def beside(gold: Sequence[Compared], work: Work, question: str) -> dict[int, tuple[Card, float]]:
    """Return the card of a draft, or of a person, that is aligned with each place of gold, with S."""
    pairs = align(gold, work.compared, question)
    return {pair.first: (work.card(pair.second), pair.score) for pair in pairs}


def accord(works: Sequence[tuple[Compared, ...]], question: str) -> float | None:
    """Return the mean soft F1 over all pairs of people, None below two; two who wrote none agree."""
    found = [
        soft_f1(align(one, other, question, least=0.0), len(one) + len(other)) for one, other in combinations(works, 2)
    ]
    return mean(found) if found else None
