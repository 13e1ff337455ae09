"""Giving questions to named people, who then have them before all others; and taking them back."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotator.actions.claiming import Full, Left, Looked, fill_slot, free_slot, skip
from annotator.models import Assignment, Batch, Member, Project, Question
from annotator.reading import BadInput, Problem

MOST = 1000  # at once
State = Assignment.State
Pair = tuple[Member, Question]
COLUMNS = ["external id", "username"]


def assign_all(pairs: Iterable[Pair]) -> Counter[str]:
    """Assign each question to its member, and return how many went how.

    They are ``assigned``, ``theirs`` already, ``full``, ``looked`` at, or their member has ``left``.
    """
    return Counter(assign(member, question) for member, question in pairs)


def assign(member: Member, question: Question) -> str:
    """Keep a slot of the question for the member, and return how that went, as ``assign_all`` counts it."""
    try:
        with transaction.atomic():
            fill_slot(member, question)
            theirs = member.assignments.filter(question=question).exists()
            transaction.set_rollback(theirs)
            if not theirs:
                Assignment.objects.create(
                    question=question, member=member, state=State.ASSIGNED, created=timezone.now()
                )
    except Full:
        return "theirs" if member.assignments.filter(question=question).exists() else "full"
    except Looked:
        return "looked"
    except Left:
        return "left"
    return "theirs" if theirs else "assigned"


@transaction.atomic
def unassign(assignment: Assignment) -> bool:
    """Take a question back that its member has not begun, and return whether it was so."""
    taken_back, _parts = Assignment.objects.filter(pk=assignment.pk, state=State.ASSIGNED).delete()
    if taken_back:
        free_slot(assignment.question)
    return bool(taken_back)


def take_all_back(member: Member, reason: str) -> None:
    """Take back all that the member has in hand, each slot by itself; the work done so far is kept.

    What was only assigned comes first: should they begin one of these meanwhile, it is among the others.
    """
    for assigned in member.assignments.assigned().select_related("question__batch"):
        unassign(assigned)
    for assignment in member.assignments.open().select_related("annotation", "question", "member"):
        skip(assignment, reason)


def pairs_of(batch: Batch, table: str) -> list[Pair]:
    """Return the questions of a batch and the members that a CSV names, a line of each. Raises BadInput."""
    problems: list[Problem] = []
    lines = [line for line in csv.reader(io.StringIO(table)) if any(cell.strip() for cell in line)]
    if lines and [cell.strip().lower().replace("_", " ") for cell in lines[0]] == COLUMNS:
        lines[0] = []
    pairs = list(read_pairs(batch, lines, problems))
    if not pairs and not problems:
        problems.append(Problem("", "holds no line with an external id and a username"))
    if problems:
        raise BadInput(problems)
    return pairs


def read_pairs(batch: Batch, lines: list[list[str]], problems: list[Problem]) -> Iterator[Pair]:
    """Yield the pairs of sound lines, the first of which may be blank; the others are problems."""
    members = {member.user.username: member for member in who_may_have(batch.project) if member.user}
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        if len(line) != len(COLUMNS):
            problems.append(Problem(f"line {number}", "has not two columns, external id and username"))
            continue
        external_id, username = (cell.strip() for cell in line)
        question = batch.questions.filter(external_id=external_id).first()
        if question is None:
            problems.append(Problem(f"line {number}", f"“{external_id[:60]}” is no question of {batch}"))
        if username not in members:
            problems.append(Problem(f"line {number}", f"“{username[:60]}” is nobody who annotates here"))
        if question and username in members:
            yield members[username], question


def who_may_have(project: Project) -> QuerySet[Member]:
    """Return the members with an account whose role lets them annotate."""
    people = project.members.annotating().lasting().filter(user__isnull=False)
    return people.select_related("user", "project")
