"""Releasing: gold that is finished, frozen under a tag. What is wrong is said before anything is written."""

import re
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotator.actions.announcing import announce
from annotator.cut import CannotRelease, Cut
from annotator.models import Event, Member, Project, Release, ReleasedQuestion, ReleasedWork
from annotator.models.releases import TAG
from annotator.released import steps_now

TRIAL = "trial"  # the API has it at the address where a release of that tag would be
NUMBERED = re.compile(r"(\d+)\.(\d+)\.(\d+)\Z")


def check_tag(project: Project, tag: str) -> None:
    """Raise CannotRelease where the tag is none, or taken."""
    if not TAG.match(tag):
        raise CannotRelease("tag: 1 to 50 letters, digits, “.”, “-” or “_” are expected, such as 1.0.0")
    if tag == TRIAL:
        raise CannotRelease(f"tag: “{TRIAL}” names the trial before a release; choose another")
    if project.releases.filter(tag=tag).exists():
        raise CannotRelease(f"tag: there is a release {tag} already, and a release never changes")


def check_licence(project: Project) -> None:
    """Raise CannotRelease where the project names no licence."""
    if not project.licence.strip():
        raise CannotRelease("licence: the project names none; say in its settings under which it is released")


def next_tag(cut: Cut) -> str:
    """Return the tag that follows: a correction moves the last number on, questions more or less the middle one."""
    if cut.before is None:
        return "1.0.0"
    found = NUMBERED.match(cut.before.tag)
    if found is None:
        return ""
    major, minor, patch = map(int, found.groups())
    same = {one.question for one in cut.questions} == {one.question for one in cut.was}
    return f"{major}.{minor}.{patch + 1}" if same else f"{major}.{minor + 1}.0"


def release(cut: Cut, tag: str, by: Member | None, texts: Mapping[str, str], digest: str) -> Release:
    """Freeze a cut under a tag, with the files that are written once and the digest of them all.

    Raises CannotRelease where the tag is taken, nothing can be released, or gold has changed since it was cut.
    """
    refuse(cut, tag)
    try:
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=cut.project.pk)
            check_unmoved(cut)
            made = write(cut, tag, by, texts, digest)
            announce(Event.RELEASED, cut.project.pk, "release", tag, questions=len(cut.questions))
            return made
    except IntegrityError:
        check_tag(cut.project, tag)
        raise


def refuse(cut: Cut, tag: str) -> None:
    """Raise CannotRelease where something stops the release."""
    check_tag(cut.project, tag)
    check_licence(cut.project)
    if cut.reopened:
        names = ", ".join(f"“{one.text[:60]}”" for one in cut.reopened[:3])
        said = "Finish the gold, or say that it cannot be annotated."
        raise CannotRelease(f"reopened since {cut.before}: {names}. {said}")


def check_unmoved(cut: Cut) -> None:
    """Raise CannotRelease where gold has been reopened, or finished anew, since it was cut."""
    moved = steps_now(cut.batches) != {one.gold for one in cut.questions}
    if moved or cut.project.releases.first() != cut.before:
        raise CannotRelease("Gold has changed meanwhile; look at the numbers again.")


def write(cut: Cut, tag: str, by: Member | None, texts: Mapping[str, str], digest: str) -> Release:
    made = Release.objects.create(
        project=cut.project,
        tag=tag,
        previous=cut.before,
        by=by,
        created=timezone.now(),
        licence=cut.project.licence,
        splitting=cut.splitting.as_json(),
        withdrawn=list(cut.withdrawn),
        texts=dict(texts),
        digest=digest,
    )
    rows = ReleasedQuestion.objects.bulk_create(
        ReleasedQuestion(
            release=made,
            question_id=one.question,
            gold_id=one.gold,
            place=place,
            split=one.split,
            about=dict(one.about),
        )
        for place, one in enumerate(cut.questions, 1)
    )
    ReleasedWork.objects.bulk_create(
        ReleasedWork(question=row, revision_id=part.revision, about=dict(part.about))
        for row, one in zip(rows, cut.questions, strict=True)
        for part in one.work
    )
    return made
