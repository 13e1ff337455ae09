"""What would be released now: which gold, in which splits, and what is to be known of it."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator import splitting
from annotator.models import Annotation, Batch, Project, Question, Release, ReleasedQuestion
from annotator.models.releases import SPLIT
from annotator.record import Annotation as Record
from annotator.record import Verdict
from annotator.released import Frozen, frozen_in, frozen_now, records_of
from annotator.splitting import Double, Item

USUAL = {Batch.Purpose.TRAINING: "train", Batch.Purpose.PILOT: "dev"}
MANY_CONDITIONS = 5
NO_GOLD = "There is no finished gold to release in these batches."


class CannotRelease(ValueError):
    """The release cannot be made, and the message says which field or question is why."""


@dataclass(frozen=True, slots=True)
class Splitting:
    """How questions come into splits: ``by_batch`` (batch → split), else drawn by ``shares`` (split → part) and seed.

    Whatever it says, a question keeps the split that it had in an earlier release, or else in its file.
    """

    by_batch: Mapping[str, str]
    shares: Mapping[str, float]
    seed: int = 1

    def as_json(self) -> dict[str, Any]:
        return {"by_batch": dict(self.by_batch)} if self.by_batch else {"shares": dict(self.shares), "seed": self.seed}

    @property
    def words(self) -> str:
        """Return it in words."""
        if self.by_batch:
            return "by batch: " + ", ".join(f"{batch} {split}" for batch, split in self.by_batch.items())
        if len(self.shares) == 1:
            return f"one split: {next(iter(self.shares))}"
        parts = ", ".join(f"{split} {share:g}" for split, share in self.shares.items())
        return f"drawn: {parts}, with the seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Size:
    """How much one question's gold says."""

    verdict: Verdict | None
    conditions: int
    answers: int
    citations: int
    quotes: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What would be released now, and how alike its questions are. ``before`` is the release before, if any.

    ``renamed`` are the questions whose file gave a split under what is no name of one, as their file has it.
    """

    project: Project
    batches: Sequence[Batch]
    splitting: Splitting
    questions: Sequence[Frozen]
    sizes: Sequence[Size]
    doubles: Sequence[Double]
    before: Release | None
    was: Sequence[Frozen]
    withdrawn: Sequence[Mapping[str, str]]
    reopened: Sequence[Question]
    renamed: Sequence[Frozen] = ()

    @property
    def splits(self) -> list[str]:
        return [one.split for one in self.questions]

    @property
    def distinct(self) -> int:
        """Return how many questions there are, where one that was asked again in another batch is one."""
        return len({one.about["id"] for one in self.questions})

    @property
    def mark(self) -> str:
        """Return what tells this cut from another: a digest of its questions, their gold and their splits."""
        told = [(one.question, one.gold, one.split) for one in self.questions]
        return hashlib.sha256(repr(told).encode()).hexdigest()

    @property
    def parts(self) -> "list[Part]":
        """Return the splits in the order in which they begin."""
        found: dict[str, list[tuple[Frozen, Size]]] = {}
        for one, size in zip(self.questions, self.sizes, strict=True):
            found.setdefault(one.split, []).append((one, size))
        return [part_of(split, own) for split, own in found.items()]


@dataclass(frozen=True, slots=True)
class Part:
    """A split in numbers; ``twice`` counts the questions that two people or more annotated."""

    split: str
    batches: tuple[str, ...]
    questions: int
    conditions: int
    answers: int
    citations: int
    twice: int

    @property
    def mean(self) -> float:
        """Return the mean number of conditions."""
        return self.conditions / self.questions


def part_of(split: str, own: Sequence[tuple[Frozen, Size]]) -> Part:
    return Part(
        split,
        tuple(dict.fromkeys(one.about["batch"] for one, _size in own)),
        len(own),
        sum(size.conditions for _one, size in own),
        sum(size.answers for _one, size in own),
        sum(size.citations for _one, size in own),
        sum(len(one.work) > 1 for one, _size in own),
    )


# What is asked for


def usual_splitting(batches: Sequence[Batch]) -> Splitting:
    """Return the splits that batches had last, or that their purposes suggest.

    A pilot is dev, training train, everything else test. One query.
    """
    of_project = Release.objects.filter(project__in={batch.project_id for batch in batches})
    last = of_project.order_by("-pk").values_list("splitting", flat=True).first() or {}
    usual = {batch.name: USUAL.get(Batch.Purpose(batch.purpose), "test") for batch in batches}
    return Splitting(usual | {name: split for name, split in last.get("by_batch", {}).items() if name in usual}, {})


def splitting_from(words: Sequence[str], batches: Sequence[Batch], seed: int = 1) -> Splitting:
    """Return what ``BATCH=SPLIT …`` or ``SPLIT=PERCENT …`` says, without words the usual one. Raises CannotRelease."""
    if not words:
        return usual_splitting(batches)
    pairs = [(word.rpartition("=")[0], word.rpartition("=")[2]) for word in words]
    if any(not name or not value for name, value in pairs):
        raise CannotRelease("splits: BATCH=SPLIT or SPLIT=PERCENT is expected, such as train=80 dev=10 test=10")
    if all(re.fullmatch(r"\d{1,3}(\.\d+)?", value) for _name, value in pairs):
        return checked(Splitting({}, {name: float(value) for name, value in pairs}, seed), batches)
    return checked(Splitting(dict(pairs), {}), batches)


def checked(wanted: Splitting, batches: Sequence[Batch]) -> Splitting:
    """Return a splitting that can be carried out. Raises CannotRelease."""
    names = {batch.name for batch in batches}
    if wanted.by_batch and (unknown := wanted.by_batch.keys() - names):
        raise CannotRelease(f"splits: “{min(unknown)}” is none of the batches that are released")
    if wanted.by_batch and (missing := names - wanted.by_batch.keys()):
        raise CannotRelease(f"splits: say into which split “{min(missing)}” goes")
    if not wanted.by_batch and round(sum(wanted.shares.values()), 6) != 100:
        raise CannotRelease(f"splits: the shares make {sum(wanted.shares.values()):g} %, not 100 %")
    for name in [*wanted.by_batch.values(), *wanted.shares]:
        if not SPLIT.match(name):
            raise CannotRelease(f"splits: “{name[:60]}” is no name of a split; letters, digits and _ are expected")
    return wanted


def named_split(said: str) -> str:
    """Return a split that a file gives under a name that it can have: with _ for whatever is no letter, digit or _.

    Where nothing of it is left, the file gives none.
    """
    name = re.sub("[^A-Za-z0-9_]", "_", said)
    return name if name.strip("_") else ""


def batches_named(project: Project, names: Sequence[str]) -> list[Batch]:
    """Return the project's batches of these names, all of them where none is named. Raises CannotRelease."""
    batches = list(project.batches.select_related("guideline_version").order_by("position", "pk"))
    if unknown := set(names) - {batch.name for batch in batches}:
        raise CannotRelease(f"batch: the project has no batch “{min(unknown)}”")
    return [batch for batch in batches if not names or batch.name in names]


# What would be released


def cut_of(project: Project, batches: Sequence[Batch], splits: Splitting) -> Cut:
    """Return what would be released now. Raises CannotRelease where there is nothing, or gold that cannot be."""
    found = list(frozen_now(project, batches))
    for one in found:
        if not one.gold:
            raise CannotRelease(f"question {one.about['id']} of {one.about['batch']}: its gold has no history")
    if not found:
        raise CannotRelease(NO_GOLD)
    sizes = [size_of(whole) for _step, whole in records_of([one.gold for one in found])]
    doubles = list(splitting.doubles([one.text for one in found]))
    before = project.releases.first()
    was = frozen_in(before) if before else []
    reopened, withdrawn = left_out(batches, found, before, was)
    questions = split_up(project, found, sizes, doubles, splits)
    renamed = [one for one in found if named_split(one.split) != one.split]
    return Cut(project, batches, splits, questions, sizes, doubles, before, was, withdrawn, reopened, renamed)


def size_of(whole: Record) -> Size:
    cited = [citation for _condition, citation in whole.citations()]
    return Size(
        whole.verdict,
        len(whole.conditions),
        sum(len(condition.answers) for condition in whole.conditions),
        len(cited),
        sum(citation.quote is not None for citation in cited),
    )


def split_up(
    project: Project, found: Sequence[Frozen], sizes: Sequence[Size], doubles: Sequence[Double], splits: Splitting
) -> list[Frozen]:
    """Return the questions with their splits: that of an earlier release, else of their file, else as asked for."""
    earlier = ReleasedQuestion.objects.filter(release__project=project).order_by("release__pk")
    had = dict(earlier.values_list("question", "split"))
    fixed = [had.get(one.question) or named_split(one.split) for one in found]
    if splits.by_batch:
        chosen = [kept or splits.by_batch[one.about["batch"]] for one, kept in zip(found, fixed, strict=True)]
    else:
        items = [
            Item("\0".join(one.key), stratum_of(one, size), kept)
            for one, size, kept in zip(found, sizes, fixed, strict=True)
        ]
        chosen = splitting.drawn(items, splitting.groups(len(items), doubles), splits.shares, splits.seed)
    return [replace(one, split=split) for one, split in zip(found, chosen, strict=True)]


def stratum_of(one: Frozen, size: Size) -> tuple[str, str, int]:
    """Return what a split should have as much of as the whole: batch, verdict and number of conditions."""
    return one.about["batch"], size.verdict or "", min(size.conditions, MANY_CONDITIONS)


def left_out(
    batches: Sequence[Batch], found: Sequence[Frozen], before: Release | None, was: Sequence[Frozen]
) -> tuple[list[Question], list[dict[str, str]]]:
    """Return what was in the release before and is not now: questions whose gold is open again, and those withdrawn."""
    now = {one.question for one in found}
    gone = {one.question: one for one in was if one.question not in now}
    questions = Question.objects.in_bulk(list(gone))
    own = Annotation.objects.filter(source="gold", question__released__release=before) if before else ()
    gold = {one.question_id: one for one in own}
    chosen = {batch.pk for batch in batches}
    reopened, withdrawn = [], []
    for pk, one in gone.items():
        said = gold.get(pk)
        if said and said.submitted is None and questions[pk].batch_id in chosen:
            reopened.append(questions[pk])
        else:
            withdrawn.append(dict(zip(("batch", "id"), one.key, strict=True)) | {"reason": reason_of(said)})
    return reopened, withdrawn


def reason_of(gold: Annotation | None) -> str:
    """Return why gold is withdrawn: the reason for which its question cannot be annotated, where that is said."""
    withdrawn = gold and gold.submitted and gold.verdict == Verdict.CANNOT_ANNOTATE
    return gold.reason if gold and withdrawn else "not among the questions of this release"


@dataclass(frozen=True, slots=True)
class MachineShare:
    """How many of the conditions began as a machine's draft; ``systems`` counts them by name."""

    drafted: int
    conditions: int
    systems: Mapping[str, int]

    @property
    def percent(self) -> float:
        return 100 * self.drafted / (self.conditions or 1)


def machine_share(cut: Cut) -> MachineShare:
    """Return how much of gold machines wrote first."""
    drafted = [systems for one in cut.questions for systems in one.about.get("drafted", {}).values()]
    systems = Counter(system for named in drafted for system in named)
    return MachineShare(len(drafted), counts_of(cut)["conditions"], systems)


def counts_of(cut: Cut) -> dict[str, int]:
    """Return how many questions, conditions, answers, citations and quotes would be released."""
    total: Counter[str] = Counter(questions=len(cut.questions))
    for size in cut.sizes:
        total.update(conditions=size.conditions, answers=size.answers, citations=size.citations, quotes=size.quotes)
    return dict(total)
