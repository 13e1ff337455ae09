"""Searching a project: what is asked, and what of it the person is shown. The page and the API ask the same."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F

from annotator import jobs
from annotator.actions import indexing
from annotator.models import Member, Project, Question, SearchText
from annotator.searching import SearchTextQuerySet
from annotator.words import Query, query_of

OPEN = (SearchText.Kind.QUESTION, SearchText.Kind.FRAGMENT)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as typed, and what else must hold of what it finds: 0 and empty leave it open.

    ``batch`` and ``person`` are keys, ``stage`` is that of the question, ``source`` that of the annotation.
    """

    text: str
    batch: int = 0
    person: int = 0
    stage: str = ""
    source: str = ""

    @property
    def query(self) -> Query:
        return query_of(self.text)


def search(member: Member, asked: Asked, kind: str = "") -> SearchTextQuerySet:
    """Return what the member finds in their project and may see, of one kind if that is named."""
    query = asked.query
    nobodys = kind in OPEN  # a constraint holds that these stand on no annotation
    if member.user is None or not query.wanted or (nobodys and (asked.person or asked.source)):
        return SearchText.objects.annotate(key=F("pk")).none()
    found = SearchText.objects.found_by(query, member.project_id, kind)
    found = found if nobodys else found.shown_to(member.user)
    return found.filter(**narrowed(member.project, asked))


def narrowed(project: Project, asked: Asked) -> dict[str, Any]:
    """Return what holds besides the words."""
    columns = {"question__batch": asked.batch, "annotation__author": asked.person, "annotation__source": asked.source}
    narrow: dict[str, Any] = {column: value for column, value in columns.items() if value}
    if asked.stage:
        of_project = Question.objects.filter(batch__project=project).staged()
        narrow["question__in"] = of_project.at_stage(asked.stage).values("pk")
    return narrow


def brought_up(member: Member) -> bool:
    """Read what is new in the member's project, and return whether that was all; else a job goes on with it."""
    if indexing.read_some(member.project):
        return True
    if not member.project.jobs.going().filter(verb="index").exists():
        jobs.start("index", member.project, member)
    return False
