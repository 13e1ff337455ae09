"""What is different from one release to another, or to what would be released now: question by question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from annotator.cut import Cut
from annotator.errata import Change, Mark, changes
from annotator.models import Release, Revision
from annotator.released import Frozen, frozen_in, records_of
from retrieval.fragments import LOOKUP_SIZE, batched

Reasons = Mapping[tuple[str, str], str]
"""(batch, id) → why the question was withdrawn."""
SIGNS = {Mark.SAME: "{}", Mark.DELETED: "[-{}-]", Mark.INSERTED: "{{+{}+}}"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A question whose gold reads otherwise now; ``by`` is the pseudonym of who finished it, ``at`` when.

    ``reason`` is the note that came with the correction; an older one says nothing of it.
    """

    question: Frozen
    changes: tuple[Change, ...]
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    question: Frozen
    reason: str


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed, went and came, and how many questions say the same."""

    changed: tuple[Changed, ...]
    withdrawn: tuple[Withdrawn, ...]
    added: tuple[Frozen, ...]
    same: int


def diff(before: Sequence[Frozen], after: Sequence[Frozen], reasons: Reasons) -> Diff:
    """Return what is different. Two queries per 900 questions whose gold was finished anew."""
    old, new = ({one.question: one for one in questions} for questions in (before, after))
    moved = [(old[pk], one) for pk, one in new.items() if pk in old and old[pk].gold != one.gold]
    changed = tuple(changed_of(moved))
    return Diff(
        changed,
        tuple(Withdrawn(one, reasons.get(one.key, "")) for pk, one in old.items() if pk not in new),
        tuple(one for pk, one in new.items() if pk not in old),
        sum(pk in old for pk in new) - len(changed),
    )


def since(cut: Cut) -> Diff:
    """Return what would be released now that is different from the release before."""
    return diff(cut.was, cut.questions, {(one["batch"], one["id"]): one["reason"] for one in cut.withdrawn})


def changed_of(moved: Sequence[tuple[Frozen, Frozen]]) -> Iterable[Changed]:
    """Yield the questions of which gold says something else than before."""
    before = records_of([old.gold for old, _new in moved])
    after = records_of([new.gold for _old, new in moved])
    times = times_of([new.gold for _old, new in moved])
    for (_old, one), (_first, was), (step, now) in zip(moved, before, after, strict=True):
        if found := changes(was, now):
            reason = now.note if now.note != was.note else ""
            yield Changed(one, tuple(found), one.about.get("adjudicator", ""), times[step], reason)


def times_of(steps: Sequence[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for some in batched(steps, LOOKUP_SIZE):
        found.update(Revision.objects.filter(pk__in=some).values_list("pk", "at"))
    return found


def between(old: Release, new: Release) -> Diff:
    """Return what is different from one release to a later one of the same project."""
    later = Release.objects.filter(project=old.project_id, pk__gt=old.pk, pk__lte=new.pk).order_by("pk")
    reasons = {(gone["batch"], gone["id"]): gone["reason"] for release in later for gone in release.withdrawn}
    return diff(frozen_in(old), frozen_in(new), reasons)


def as_json(found: Diff) -> dict[str, Any]:
    """Return a diff in JSON's types, questions named by batch and id."""
    return {
        "changed": [
            named(one.question)
            | {"by": one.by, "at": one.at.isoformat(), "reason": one.reason}
            | {"changes": [asdict(change) for change in one.changes]}
            for one in found.changed
        ],
        "withdrawn": [named(one.question) | {"reason": one.reason} for one in found.withdrawn],
        "added": [named(one) | {"split": one.split} for one in found.added],
        "same": found.same,
    }


def named(one: Frozen) -> dict[str, str]:
    return {"batch": one.about["batch"], "id": one.about["id"], "question": one.text}


def as_text(found: Diff) -> str:
    """Return a diff in lines, words as ``git diff --word-diff`` marks them."""
    counts = (("added", found.added), ("changed", found.changed), ("withdrawn", found.withdrawn))
    lines = [", ".join(f"{len(some)} {what}" for what, some in counts) + f", {found.same} the same"]
    for one in found.changed:
        told = [label(one.question), *filter(None, (one.reason, one.by)), f"{one.at:%Y-%m-%d}"]
        lines.append("~ " + " · ".join(told))
        lines += [f"    {change.part}: {signed(change)}" for change in one.changes]
    lines += [f"- {label(gone.question)}" + (f" · {gone.reason}" if gone.reason else "") for gone in found.withdrawn]
    lines += [f"+ {label(new)} · {new.split}" for new in found.added]
    return "\n".join(lines)


def label(one: Frozen) -> str:
    return f"{one.about['batch']}/{one.about['id']} {one.text}"


def signed(change: Change) -> str:
    return "".join(SIGNS[words.mark].format(words.text) for words in change.words)
