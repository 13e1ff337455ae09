"""What is to be known of a cut before it is released: what stops it, what to read, and what is well."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from annotator.checks import Code, findings
from annotator.cut import Cut, counts_of, machine_share, named_split
from annotator.models import Question
from annotator.release_diff import since
from annotator.released import Frozen, records_of
from annotator.splitting import NEAR, Double, highest_across
from retrieval.counting import how_many
from retrieval.fragments import LOOKUP_SIZE, batched
from retrieval.models import Fragment, ListedFragment


class Is(StrEnum):
    """What a check says: the release cannot be made, there is something to read first, or all is well."""

    ERROR = "error"
    WARNING = "warning"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checks; ``of`` names questions that it is about, by key and text.

    Where it ``tells`` something of their gold, they are named only to who may see that.
    """

    state: Is
    headline: str
    detail: str = ""
    of: tuple[tuple[int, str], ...] = ()
    tells: bool = False


def checks(cut: Cut) -> list[Check]:
    """Return every check, what stops the release first, then what is to be read. A few queries per 900 rows."""
    found = [*stops(cut), *nothing_new(cut), *drafts(cut), *asked_again(cut), *single(cut), *splits(cut)]
    found += kept_splits(cut)
    found += [*fragments(cut), *texts(cut), *likenesses(cut)]
    return sorted(found, key=lambda check: list(Is).index(check.state))


def stops(cut: Cut) -> Iterator[Check]:
    """Gold that is open again, or no licence, stops a release."""
    if cut.reopened:
        number = len(cut.reopened)
        headline = "One question was reopened:" if number == 1 else f"{number} questions were reopened:"
        detail = f"In {cut.before} it was gold. Finish it, or say in its verdict why it cannot be annotated."
        yield Check(Is.ERROR, headline, detail, tuple((one.pk, one.text) for one in cut.reopened[:5]))
    if not cut.project.licence.strip():
        yield Check(Is.ERROR, "The project names no licence.", "Say in its settings under which one it is released.")


def nothing_new(cut: Cut) -> Iterator[Check]:
    """A release that says what the one before says is seldom meant."""
    found = since(cut)
    if cut.before and not (found.added or found.changed or found.withdrawn):
        detail = "No question was added, changed or withdrawn; only what is said of the project can be different."
        yield Check(Is.WARNING, f"Nothing has changed since {cut.before}.", detail)


def drafts(cut: Cut) -> Iterator[Check]:
    """Gold that machines wrote first must be known as such."""
    found = machine_share(cut)
    if found.drafted:
        names = ", ".join(sorted(found.systems))
        detail = f"{found.drafted} of {how_many(found.conditions, 'condition')}. The card says so."
        yield Check(Is.WARNING, f"{found.percent:.0f} % of gold came from the drafts of {names}.", detail)


def splits(cut: Cut) -> Iterator[Check]:
    """A split that a file gives under what is no name of one is written under another name, or counts as not given."""
    if cut.renamed:
        names = {one.split: named_split(one.split) for one in cut.renamed}
        said = (f"“{old}” is written as {new}" if new else f"“{old}” counts as none" for old, new in names.items())
        detail = f"{'; '.join(said)}. Letters, digits and _ make a name."
        headline = f"{how_many(len(cut.renamed), 'question')} with a split that is no name of one in the file."
        yield Check(Is.WARNING, headline, detail, texts_of(cut.renamed))


def asked_again(cut: Cut) -> Iterator[Check]:
    """A question that was asked again has its gold in two batches, and its id stands twice."""
    batches: dict[str, list[str]] = {}
    for one in cut.questions:
        batches.setdefault(one.about["id"], []).append(one.about["batch"])
    again = {name: found for name, found in batches.items() if len(found) > 1}
    if again:
        number = max(map(len, again.values()))
        stands = "stands" if len(again) == 1 else "stand"
        headline = f"{how_many(len(again), 'question')} {stands} in {number if number > 2 else 'two'} batches."
        among = ", ".join(dict.fromkeys(batch for found in again.values() for batch in found))
        detail = f"{len(cut.questions):,} questions, {cut.distinct:,} distinct: ids come once for each of {among}. "
        detail += "Leave a batch out, or tell them apart by batch and id."
        yield Check(Is.WARNING, headline, detail, texts_of(one for one in cut.questions if one.about["id"] in again))


def kept_splits(cut: Cut) -> Iterator[Check]:
    """A question never changes its split, so the choice for its batch does not count for it."""
    asked = cut.splitting.by_batch
    kept = [one for one in cut.questions if asked and one.split != asked[one.about["batch"]]]
    if kept:
        pairs = dict.fromkeys((one.about["batch"], asked[one.about["batch"]], one.split) for one in kept)
        said = "; ".join(f"{batch}: {split} is asked for, {own} they had" for batch, split, own in pairs)
        detail = f"{said}. They had it in an earlier release or in their file, and a question never changes its split."
        headline = f"{how_many(len(kept), 'question')} {'keeps its' if len(kept) == 1 else 'keep their'} split."
        yield Check(Is.WARNING, headline, detail, texts_of(kept))


def texts_of(found: Iterable[Frozen]) -> tuple[tuple[int, str], ...]:
    return tuple((one.question, one.text) for one in islice(found, 5))


def single(cut: Cut) -> Iterator[Check]:
    """Questions of the test split that fewer than two people annotated."""
    few = [one for one in cut.questions if one.split == "test" and len(one.work) < 2]
    if few:
        none = sum(not one.work for one in few)
        detail = f"{none} of them have none: their gold came in by a file. " if none else ""
        headline = f"{how_many(len(few), 'question')} of the test split {'has' if len(few) == 1 else 'have'} "
        yield Check(Is.WARNING, headline + "one annotation or none.", detail + "Marked in the data.")


def fragments(cut: Cut) -> Iterator[Check]:
    """Every fragment is what its digest says."""
    number, wrong, placed = 0, 0, 0
    for some in batched(fragment_ids(cut), LOOKUP_SIZE):
        for title, text, sha256, revision in Fragment.objects.filter(pk__in=some).values_list(
            "title", "text", "sha256", "revision_id"
        ):
            number += 1
            wrong += Fragment.digest_of(title, text) != sha256
            placed += revision is not None
    if wrong:
        headline = f"{how_many(wrong, 'fragment')} of {number:,} do not match their digests."
        yield Check(Is.ERROR, headline, "They were changed after they were stored.")
    elif number:
        revisions = f"{placed:,} of them name their page’s revision" if placed else "none names its page’s revision"
        detail = "each with its page’s revision" if placed == number else revisions
        match = "matches its digest" if number == 1 else "match their digests"
        yield Check(Is.PASSED, f"{how_many(number, 'fragment')} {match}", detail)


def fragment_ids(cut: Cut) -> list[int]:
    """Return the keys of all fragments in the lists of the questions, each once."""
    found: dict[int, None] = {}
    for some in batched([one.question for one in cut.questions], LOOKUP_SIZE):
        questions = Question.objects.filter(pk__in=some)
        for name in ("retrieval", "supplementary"):
            listed = ListedFragment.objects.filter(retrieval__in=questions.order_by().values(name))
            found.update(dict.fromkeys(listed.values_list("fragment", flat=True)))
    return sorted(found)


def texts(cut: Cut) -> Iterator[Check]:
    """Everything is cited, and no condition gives its answer away: what a person is told at work is told here."""
    uncited: list[tuple[int, str]] = []
    telling: list[tuple[int, str]] = []
    records = records_of([one.gold for one in cut.questions])
    for one, (_step, whole) in zip(cut.questions, records, strict=True):
        codes = {finding.code for finding in findings(whole, one.text)}
        uncited += [(one.question, one.text)] * (Code.MISSING_CITATION in codes)
        telling += [(one.question, one.text)] * (Code.ANSWER_IN_CONDITION in codes)
    counts = counts_of(cut)
    cited = f"{how_many(counts['citations'], 'citation')}, {counts['quotes']:,} of them with their words"
    yield of_questions(
        uncited, "a condition or an answer without a citation", "Every condition and answer is cited", cited
    )
    yield of_questions(telling, "a condition that repeats its answer", "No condition repeats its answer", "")


def of_questions(found: Sequence[tuple[int, str]], what: str, well: str, detail: str) -> Check:
    if not found:
        return Check(Is.PASSED, well, detail)
    return Check(Is.WARNING, f"{how_many(len(found), 'question')} with {what}.", "", tuple(found[:5]), tells=True)


def likenesses(cut: Cut) -> Iterator[Check]:
    """Nearly the same question in two splits lets a system see what it is tested on."""
    nearest = highest_across(cut.splits, cut.doubles)
    if nearest is None or nearest.likeness < NEAR:
        detail = f"highest similarity {nearest.likeness:.2f}" if nearest else "no two share most of their words"
        yield Check(Is.PASSED, "No near double across splits", detail)
        return
    across = [pair for pair in cut.doubles if pair.likeness >= NEAR and parted(cut, pair)]
    headline = (
        f"{how_many(len(across), 'pair')} of near doubles {'stands' if len(across) == 1 else 'stand'} in two splits."
    )
    two = [cut.questions[place] for place in (nearest.first, nearest.second)]
    detail = f"highest similarity {nearest.likeness:.2f}; draw the splits to keep new questions together"
    yield Check(Is.WARNING, headline, detail, tuple((one.question, one.text) for one in two))


def parted(cut: Cut, pair: Double) -> bool:
    return cut.splits[pair.first] != cut.splits[pair.second]
