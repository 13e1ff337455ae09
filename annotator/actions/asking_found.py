"""Asking again what a filter finds: at once, or, where it is much, by a job."""

from typing import Any

from annotator import jobs
from annotator.actions.asking_again import ask_again, chosen
from annotator.models import Batch, Job, Member, Question
from annotator.querysets import QuestionQuerySet

# More than these are copied by a job.
MOST_AT_ONCE = 500


def ask_found(member: Member, batch: Batch, asked: dict[str, Any]) -> int | Job:
    """Ask what the form found again in a batch, and return how many that were; or the job that asks for many."""
    keys = chosen(batch, found_by(member, asked), asked["sample"], asked["seed"])
    if len(keys) > MOST_AT_ONCE:
        return jobs.start("ask_again", member.project, member, batch=batch.pk, questions=keys)
    return ask_again(batch, keys)


def found_by(member: Member, asked: dict[str, Any]) -> QuestionQuerySet:
    """Return the project's questions that fit the filter."""
    found = Question.objects.filter(batch__project=member.project_id).found_by(asked["q"])
    found = found.filter(batch=asked["batch"]) if asked["batch"] else found
    return found.staged().at_stage(asked["stage"]) if asked["stage"] else found
