"""Gold beside a prediction: their conditions aligned, and how alike each pair is. What every measure is made from.

Pure: records in, pairs and similarities out. The database and the files both come through here, so that a score is the
same wherever it is worked out.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from annotator import record
from annotator.alignment import Compared, Likeness, Pair, Places, assignment, best
from annotator.record import Condition, Role, Verdict
from annotator.similarity import Idf, plainly
from scoring.judges import Couple, Judge, Kind
from scoring.pairing import Pairing

Cited = frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Part:
    """A condition as it is scored: what it says, and which fragments it cites.

    ``by_role`` holds each fragment with what it supports, None where a citation does not say. Of its ``citations``,
    those ``left_out`` name no listed fragment, or one of a supplementary list.
    """

    said: Compared
    cited: Cited = frozenset()
    by_role: Cited | None = None
    citations: int = 0
    left_out: int = 0

    @classmethod
    def of(cls, condition: Condition, places: Places) -> "Part":
        """Return a condition as it is scored; ``places`` says which fragment stands where in the list that it saw."""
        listed = [(one, places.get((one.supplementary, one.rank or 0))) for one in condition.citations]
        found = [(one.role, fragment) for one, fragment in listed if fragment is not None and not one.supplementary]
        by_role = None
        if all(role is not Role.UNSTATED for role, _fragment in found):
            by_role = frozenset((part, fragment) for role, fragment in found for part in supported(role))
        cited = frozenset(fragment for _role, fragment in found)
        total = len(condition.citations)
        return cls(Compared.of(condition), cited, by_role, total, total - len(found))

    @property
    def compared(self) -> Compared:
        """Return what is aligned: not what it cites, which yet decides which of two is meant that say the same."""
        return replace(self.said, mark=repr(sorted(map(str, self.by_role or self.cited))))


def supported(role: Role) -> list[str]:
    """Return what a citation of this role supports."""
    return ["condition"] * role.supports_condition + ["answer"] * role.supports_answer


@dataclass(frozen=True, slots=True)
class Whole:
    """All that gold or a system says of a question."""

    parts: tuple[Part, ...] = ()
    verdict: Verdict | None = None

    @classmethod
    def of(cls, whole: record.Annotation, places: Places) -> "Whole":
        return cls(tuple(Part.of(condition, places) for condition in whole.conditions), whole.verdict)

    @property
    def compared(self) -> tuple[Compared, ...]:
        return tuple(part.compared for part in self.parts)

    @property
    def told(self) -> str:
        """Return all of it in an order of its own, by which it does not matter in what order two such stand."""
        return repr(sorted((one.text, one.answers, one.mark) for one in self.compared))


@dataclass(frozen=True, slots=True)
class Target:
    """A question to be answered as gold answers it, and the texts of the fragments that may be cited.

    Of several ``references`` (people's work that a file brought, where there is no gold) the one that suits a
    prediction best counts.
    """

    question: str
    references: tuple[Whole, ...]
    texts: Mapping[Hashable, str] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        return any(whole.parts for whole in self.references)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system said of a question, if it ``replied`` at all.

    It may be known to cite nothing, or never to say under which condition an answer holds (``conditional``).
    """

    said: Whole = Whole()
    replied: bool = True
    cites: bool = True
    conditional: bool = True


def counts(verdict: str | None) -> bool:
    """Return whether what is said with a verdict is scored, or scored by: what cannot be annotated is left out."""
    return verdict != Verdict.CANNOT_ANNOTATE


def names_conditions(said: Iterable[record.Annotation]) -> bool:
    """Return whether a system says of any answer under which condition it holds, or gives none at all."""
    texts = [bool(condition.text.strip()) for one in said for condition in one.conditions]
    return any(texts) or not texts


def left_out_of(citations: Iterable[tuple[bool, bool]]) -> dict[str, int]:
    """Return how many citations gold has, and how many of them are left out of every figure of citations.

    Of each it is told whether it is of a fragment that somebody added, which no system could see, and whether it could
    be anchored.
    """
    count = Counter(cited=0, supplementary=0, unanchored=0)
    for supplementary, anchored in citations:
        count.update(cited=1, supplementary=supplementary, unanchored=not anchored and not supplementary)
    return dict(count)


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair of conditions, by their places in gold and prediction, with the judge's verdicts; None: it gave none."""

    first: int
    second: int
    likeness: Likeness
    condition: float | None
    answer: float | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with gold, a prediction and their pairs. ``replied`` is False where the system said nothing at all.

    ``cites`` is False of a system that is known to cite nothing, ``conditional`` of one that never says a condition.
    """

    target: Target
    gold: Whole
    predicted: Whole
    pairs: tuple[Judged, ...]
    replied: bool = True
    cites: bool = True
    conditional: bool = True

    @property
    def sizes(self) -> tuple[int, int]:
        """Return how many conditions gold and the prediction have: m and n."""
        return len(self.gold.parts), len(self.predicted.parts)

    def sides(self) -> Iterator[tuple[Judged, Part, Part]]:
        """Yield each pair with both of its conditions."""
        return ((pair, self.gold.parts[pair.first], self.predicted.parts[pair.second]) for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class Tried:
    """A pair before it is judged: its conditions, and those of their answers that are most alike, one to one."""

    pair: Pair
    condition: Couple
    answers: tuple[Couple, ...]
    size: int

    @property
    def couples(self) -> tuple[Couple, ...]:
        return self.condition, *self.answers

    def judged(self, verdicts: Mapping[Couple, float | None]) -> Judged:
        answers = [verdicts[couple] for couple in self.answers]
        known = [verdict for verdict in answers if verdict is not None]
        answer = (2 * sum(known) / self.size if self.size else 1.0) if len(known) == len(answers) else None
        return Judged(self.pair.first, self.pair.second, self.pair.likeness, verdicts[self.condition], answer)


def score(asked: Sequence[tuple[Target, Reply]], judge: Judge, pairing: Pairing, idf: Idf) -> list[Scored]:
    """Return what systems said of questions beside gold. All that is to be judged is given to the judge at once.

    Of several references the one whose answers suit the prediction best counts.
    """
    tried = [[tries(target, whole, reply, pairing, idf) for whole in target.references] for target, reply in asked]
    pairs = [one for wholes in tried for found in wholes for one in found]
    verdicts = verdicts_of((couple for one in pairs for couple in one.couples), judge)
    return [
        best_of(target, reply, [tuple(one.judged(verdicts) for one in found) for found in wholes])
        for (target, reply), wholes in zip(asked, tried, strict=True)
    ]


def couples_of(asked: Sequence[tuple[Target, Reply]], pairing: Pairing, idf: Idf) -> Iterator[Couple]:
    """Yield all that ``score`` would want to know of a judge."""
    for target, reply in asked:
        for whole in target.references:
            for one in tries(target, whole, reply, pairing, idf):
                yield from one.couples


def best_of(target: Target, reply: Reply, judged: Sequence[tuple[Judged, ...]]) -> Scored:
    """Return a prediction beside the reference that it suits best, given its pairs with each."""
    beside = (
        Scored(target, whole, reply.said, pairs, reply.replied, reply.cites, reply.conditional)
        for whole, pairs in zip(target.references, judged, strict=True)
    )
    return max(beside, key=suits)


def tries(target: Target, gold: Whole, reply: Reply, pairing: Pairing, idf: Idf) -> list[Tried]:
    pairs = pairing(gold.compared, reply.said.compared, target.question, idf)
    return [
        tried(pair, gold.parts[pair.first].said, reply.said.parts[pair.second].said, target.question, idf)
        for pair in pairs
    ]


def tried(pair: Pair, gold: Compared, predicted: Compared, question: str, idf: Idf) -> Tried:
    alike = [[best(a, b, question, idf) for b in predicted.answers] for a in gold.answers]
    answers = tuple(Couple(Kind.ANSWER, question, gold.answers[i], predicted.answers[j]) for i, j in assignment(alike))
    condition = Couple(Kind.CONDITION, question, (gold.text,), (predicted.text,))
    return Tried(pair, condition, answers, len(gold.answers) + len(predicted.answers))


def verdicts_of(couples: Iterable[Couple], judge: Judge) -> dict[Couple, float | None]:
    """Return the similarity of each couple; the judge is not asked about the same text, nor about a blank one."""
    found: dict[Couple, float | None] = {couple: known(couple) for couple in couples}
    open_ones = [couple for couple, verdict in found.items() if verdict is None]
    found.update(zip(open_ones, judge.judge(open_ones), strict=True))
    return found


def known(couple: Couple) -> float | None:
    """Return the similarity that needs no judge: 1 for one text or two blanks, 0 for one blank."""
    plain = [plainly(a, b) for a in couple.gold for b in couple.predicted]
    return 1.0 if 1.0 in plain else 0.0 if plain and 0.0 in plain and None not in plain else None


def suits(scored: Scored) -> tuple[float, int, str]:
    """Return how well a prediction suits a reference: the F1 of its answers, then how much it leaves unsaid.

    No reply suits none, and is held against one that has something to say. Of equals what they say decides.
    """
    m, n = scored.sizes
    told = scored.gold.told if len(scored.target.references) > 1 else ""
    if not m + n:
        return float(scored.replied), 0, told
    answers = 2 * sum(pair.answer or 0.0 for pair in scored.pairs) / (m + n)
    return round(answers, 9), 0 if scored.replied else m, told
