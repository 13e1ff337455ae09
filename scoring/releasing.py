"""Cutting a release: what it would hold, said beforehand; the release itself, or a trial of it; the jobs for both."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from annotator import jobs, release_checks
from annotator.actions import looking
from annotator.actions.exporting import counted
from annotator.actions.kept_files import keep
from annotator.actions.queued import Refused
from annotator.actions.releasing import check_licence, check_tag, next_tag, refuse, release
from annotator.cut import NO_GOLD, CannotRelease, Cut, Part, Splitting, batches_named, counts_of, cut_of, splitting_from
from annotator.models import Annotation, Batch, Job, Member, Note, Project, Question, Release
from annotator.querysets import AnnotationQuerySet, QuestionQuerySet
from annotator.record import Verdict
from annotator.release_checks import Check, Is
from annotator.release_diff import since
from annotator.released import Edition, edition_of, releasable, releasable_gold, written_in
from retrieval.counting import how_many
from retrieval.fragments import LOOKUP_SIZE, batched
from retrieval.progress import Progress, silent
from scoring.comparing import Comparison
from scoring.release_card import card_of, texts_of
from scoring.release_files import lines_in, sizes_of, zipped
from scoring.reporting import comparisons_of, scope
from scoring.submitted import items

AT_ONCE = 60  # questions with gold, whose agreement takes a moment


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: the tag, the batches by name (none: all) and the splits, as the command takes them."""

    tag: str = ""
    batches: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    seed: int = 1

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> "Wish":
        """Return the wish that a job keeps."""
        lists = {name: tuple(arguments[name]) for name in ("batches", "splits")}
        return cls(arguments["tag"], seed=arguments["seed"], **lists)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"batches": list(self.batches), "splits": list(self.splits)}


def gold_in(project: Project) -> int:
    """Return how many questions a project has gold of that can be released."""
    return releasable_gold().filter(question__batch__project=project).count()


def planned(project: Project, wish: Wish) -> tuple[list[Batch], Splitting]:
    """Return the batches and the splits that are asked for. Raises CannotRelease."""
    batches = batches_named(project, wish.batches)
    return batches, splitting_from(wish.splits, batches, wish.seed)


def with_gold(project: Project, wish: Wish) -> list[Batch]:
    """Return the batches that are asked for. Raises CannotRelease where they have no gold, or no such splits can be."""
    batches, _splitting = planned(project, wish)
    if not releasable(batches).exists():
        raise CannotRelease(NO_GOLD)
    return batches


def cut_wished(project: Project, wish: Wish) -> Cut:
    """Return what is asked for. Raises CannotRelease."""
    return cut_of(project, *planned(project, wish))


def edition(cut: Cut, tag: str, progress: Progress = silent) -> tuple[Edition, list[Check]]:
    """Return what the files of a cut are written from, and its checks; without a tag it is a trial."""
    progress("Checking", 0, 0)
    found = release_checks.checks(cut)
    card = card_of(cut, tag, found, agreement_of(cut, progress))
    return Edition(cut.project.slug, tag, cut.project.licence, texts_of(card), cut.questions), found


def agreement_of(cut: Cut, progress: Progress = silent) -> dict[str, Any]:
    """Return how far people agree on the questions of a cut, on what each submitted first."""
    found: dict[str, list[Comparison]] = defaultdict(list)
    for done, item in enumerate(items(releasable(cut.batches)), 1):
        for how, (whole, _pairs) in comparisons_of(item):
            found[how].append(whole)
        progress("Comparing", done, 0)
    return scope(found)


def release_later(wish: Wish, by: Member, seen: str = "") -> Job:
    """Let a job release what is asked for, unless one is at that already; return it. Raises CannotRelease."""
    check_tag(by.project, wish.tag)
    check_licence(by.project)
    with_gold(by.project, wish)
    alone = f"release {by.project_id} {wish.tag}"
    made = jobs.start_alone(alone, "release", by.project, by, **wish.as_json(), seen=seen)
    found = made or by.project.jobs.filter(alone=alone).latest("pk")
    if Wish.of(found.arguments) != wish:
        raise CannotRelease(f"tag: a job is releasing {wish.tag} already, of other batches or splits")
    return found


def cut_release(
    project: Project, wish: Wish, by: Member | None, progress: Progress = silent, seen: str = ""
) -> Release:
    """Freeze what is asked for under its tag. Raises CannotRelease, and then nothing is written."""
    cut, made, digest = checked(project, wish, progress, seen)
    return release(cut, wish.tag, by, made.texts, digest)


def checked(project: Project, wish: Wish, progress: Progress, seen: str) -> tuple[Cut, Edition, str]:
    """Return what is asked for, what its files are written from, and the digest of these. Raises CannotRelease.

    ``seen`` is the mark of what somebody looked at before they asked: nothing else is released.
    """
    check_tag(project, wish.tag)
    cut = cut_wished(project, wish)
    if seen and seen != cut.mark:
        raise CannotRelease("Gold has changed since you looked; these are the numbers now.")
    refuse(cut, wish.tag)
    made, found = edition(cut, wish.tag, progress)
    stopped = next((check for check in found if check.state is Is.ERROR), None)
    if stopped:
        raise CannotRelease(f"{stopped.headline} {stopped.detail}")
    progress("Writing", 0, 0)
    _sizes, digest = sizes_of(made)
    return cut, made, digest


def is_large(project: Project) -> bool:
    """Return whether what is gold is counted, released and written by jobs, not within a request."""
    return gold_in(project) > min(AT_ONCE, settings.EXPORT_IN_REQUEST_QUESTIONS)


def is_small(found: Release) -> bool:
    """Return whether a release's files are written within a request, not by a job."""
    return found.questions.count() <= settings.EXPORT_IN_REQUEST_QUESTIONS


def trial(project: Project, wish: Wish, progress: Progress = silent) -> Edition:
    """Return what the files of a trial are written from: those of a release, marked as none. Raises CannotRelease."""
    return edition(cut_wished(project, wish), "", progress)[0]


def try_release(wish: Wish, by: Member) -> Edition | Job:
    """Return what the files of a trial are written from, or the job that writes them where it is much.

    Taking them is a look at their work. Raises CannotRelease, and StillOpen, and then nothing is written.
    """
    batches = with_gold(by.project, wish)
    made = None if is_large(by.project) else trial(by.project, wish)
    looking.take_out(by, held_in(releasable(batches)))
    return made or jobs.start("release_trial", by.project, by, **wish.as_json())


def held_in(questions: QuestionQuerySet) -> AnnotationQuerySet:
    """Return what the files of a trial hold of questions."""
    return Annotation.objects.filter(question__in=questions, source__in=["gold", "human"]).submitted()


# Beforehand


def preview(cut: Cut, tag: str = "", progress: Progress = silent) -> dict[str, Any]:
    """Return, in JSON's types, what would be released: numbers, files with their sizes, checks; no word of gold."""
    made, found = edition(cut, tag or next_tag(cut) or "next", progress)
    sizes, _digest = sizes_of(made)
    changed = since(cut)
    return {
        "next": next_tag(cut),
        "mark": cut.mark,
        "counts": counts_of(cut) | {"distinct": cut.distinct},
        "splitting": cut.splitting.as_json(),
        "parts": [asdict(part) | {"mean": part.mean} for part in cut.parts],
        "files": files_of(cut, sizes, made),
        "bytes": sum(sizes.values()),
        "not_written": not_written(cut),
        "checks": [asdict(check) for check in found],
        "sources": made.corpora,
        "people": people_in(cut),
        "diff": {name: len(getattr(changed, name)) for name in ("added", "changed", "withdrawn")}
        | {"same": changed.same},
    }


def people_in(cut: Cut) -> dict[str, list[str]]:
    """Return who annotated and who adjudicated, by pseudonym."""
    annotators = {part.about["annotator"] for one in cut.questions for part in one.work}
    adjudicators = {one.about["adjudicator"] for one in cut.questions if one.about.get("adjudicator")}
    return {"annotators": sorted(annotators), "adjudicators": sorted(adjudicators)}


def not_written(cut: Cut) -> dict[str, int]:
    """Return what the batches have and the release will not, by name; what there is none of is not named."""
    questions = Question.objects.filter(batch__in=cut.batches)
    gold = Annotation.objects.gold().filter(question__in=questions)
    withdrawn = gold.filter(verdict=Verdict.CANNOT_ANNOTATE)
    written = Annotation.objects.filter(question__in=questions)
    people = written.filter(source="human")
    released = sum(len(one.work) for one in cut.questions)
    found = {
        "questions without gold": questions.count() - gold.count(),
        "questions that cannot be annotated": withdrawn.count(),
        "annotations in progress, or of these questions": people.count() - released,
        "notes between people": Note.objects.filter(annotation__in=written).count(),
        "drafts and predictions of systems": written.filter(source__in=["draft", "prediction"]).count(),
    }
    return {name: number for name, number in found.items() if number}


def files_of(cut: Cut, sizes: dict[str, int], made: Edition) -> list[dict[str, Any]]:
    """Return the files with how many records they hold, where they have some, and what; the short ones as one."""
    fragments = sum(corpus["fragments"] for corpus in made.corpora)
    work = sum(len(one.work) for one in cut.questions)
    people = how_many(len(people_in(cut)["annotators"]), "person", "people")
    gold = [(f"gold.{part.split}.jsonl", part.questions, said_in(part)) for part in cut.parts]
    others = [
        ("fragments.jsonl", fragments, "text, page, revision, digest"),
        ("annotations.jsonl", work, f"of {people}, by pseudonym, before adjudication"),
        ("README.md", None, "card: purpose, guidelines, agreement with intervals, limits"),
    ]
    rows = [
        {"name": name, "records": number, "holds": holds, "bytes": sizes[name]} for name, number, holds in gold + others
    ]
    left = {name: size for name, size in sizes.items() if name not in {row["name"] for row in rows}}
    names = {"name": ", ".join(left), "records": None, "holds": "terms, how to cite, sources, digests"}
    return [*rows, names | {"bytes": sum(left.values())}]


def said_in(part: Part) -> str:
    return f"{part.conditions:,} conditions, {part.answers:,} answers, {part.citations:,} citations"


# Jobs


def release_by_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Release what a job asks for; one that was stopped behind the last step has released it already, and says so."""
    result = {"tag": job.arguments["tag"]}
    if job.result == result:
        return result
    wish = Wish.of(job.arguments)
    try:
        cut, made, digest = checked(job.own_project, wish, progress, job.arguments.get("seen", ""))
        with transaction.atomic():
            jobs.note(job, result)
            release(cut, wish.tag, job.by, made.texts, digest)
    except CannotRelease as refusal:
        raise Refused(str(refusal)) from refusal
    return result


def write_release(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the files of a release for whoever asked, who looks at its work."""
    looking.keep_taken(job.asker, held_in_release(job))
    return keep_zip(job, edition_of(release_of(job)), progress)


def held_in_release(job: Job) -> AnnotationQuerySet:
    """Return what the files of a release will hold that a job is to write."""
    return written_in(release_of(job))


def release_of(job: Job) -> Release:
    """Return the release whose files a job is to write."""
    return job.own_project.releases.get(tag=job.arguments["tag"])


def write_trial(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the files of a release that is none for whoever asked, who looks at their work."""
    try:
        made = trial(job.own_project, Wish.of(job.arguments), progress)
    except CannotRelease as refusal:
        raise Refused(str(refusal)) from refusal
    for some in batched([one.question for one in made.questions], LOOKUP_SIZE):
        looking.keep_taken(job.asker, held_in(Question.objects.filter(pk__in=some)))
    return keep_zip(job, made, progress)


def held_in_trial(job: Job) -> AnnotationQuerySet:
    """Return what the files of a trial will hold that a job is to write: nothing where they cannot be written."""
    try:
        batches = batches_named(job.own_project, Wish.of(job.arguments).batches)
    except CannotRelease:
        return Annotation.objects.none()
    return held_in(releasable(batches))


def keep_zip(job: Job, made: Edition, progress: Progress) -> dict[str, Any]:
    return keep(job, f"{made.name}.zip", counted(zipped(made), lines_in(made), progress))


def look_by_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Return what would be released, for the page to show; no question by what its gold lacks."""
    try:
        found = preview(cut_wished(job.own_project, Wish.of(job.arguments)), progress=progress)
    except CannotRelease as refusal:
        raise Refused(str(refusal)) from refusal
    return found | {"checks": [check | {"of": [] if check["tells"] else check["of"]} for check in found["checks"]]}
