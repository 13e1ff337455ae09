"""Trials of a release, and what changed from one release to another."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.access import Call, manager_of, onlooker_of
from annotator.api.jobs import JobShape, accepted
from annotator.api.schema import operation
from annotator.cut import CannotRelease
from annotator.errata import Change, Mark
from annotator.models import Job, Member
from annotator.release_diff import Changed, Diff, Withdrawn, between
from annotator.released import Edition, Frozen
from scoring.api.refusals import refused
from scoring.api.releases import TrialBody, release_of, wished
from scoring.downloads import sent
from scoring.releasing import Wish, try_release
from scoring.sight import NAMED, named_seen


class WordsShape(serializers.Serializer[Any]):
    """Some words, and what happened to them."""

    mark = serializers.ChoiceField([mark.value for mark in Mark])
    text = serializers.CharField()


class ChangeShape(serializers.Serializer[Change]):
    """A part of gold that reads otherwise, and its words in order."""

    part = serializers.CharField()
    words = WordsShape(many=True)


class QuestionOfShape(serializers.Serializer[Any]):
    """A question of a release."""

    question = serializers.IntegerField()
    batch = serializers.CharField()
    external_id = serializers.CharField()
    text = serializers.CharField()


class ChangedShape(QuestionOfShape):
    """A question whose gold reads otherwise; `changes` and `reason` are null where others’ work is hidden from you."""

    by = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    reason = serializers.CharField(allow_null=True)
    changes = ChangeShape(many=True, allow_null=True)


class WithdrawnShape(QuestionOfShape):
    """A question that is not in the later release; `reason` is null where others’ work is hidden from you."""

    reason = serializers.CharField(allow_null=True)


class NewQuestionShape(QuestionOfShape):
    """A question that is new in the later release."""

    split = serializers.CharField(allow_blank=True)


class NumbersShape(serializers.Serializer[Any]):
    """How many questions changed, went and came."""

    changed = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    added = serializers.IntegerField()


class DiffShape(serializers.Serializer[Any]):
    """What changed, went and came, at most 20 questions of each, and how many say the same."""

    numbers = NumbersShape()
    changed = ChangedShape(many=True)
    withdrawn = WithdrawnShape(many=True)
    added = NewQuestionShape(many=True)
    same = serializers.IntegerField()


def tried(member: Member, wish: Wish) -> Edition | Job:
    """Take the files of a trial, or let a job write them where it is much. Raises BadInput, NotNow and StillOpen."""
    try:
        return try_release(wish, member)
    except CannotRelease as refusal:
        raise refused(refusal, TrialBody) from refusal


def told(one: Frozen) -> dict[str, Any]:
    batch, name = one.key
    return {"question": one.question, "batch": batch, "external_id": name, "text": one.text}


def changed(one: Changed, sees: bool) -> dict[str, Any]:
    words = [asdict(change) for change in one.changes] if sees else None
    return {**told(one.question), "by": one.by, "at": one.at, "reason": one.reason if sees else None, "changes": words}


def withdrawn(one: Withdrawn, sees: bool) -> dict[str, Any]:
    return {**told(one.question), "reason": one.reason if sees else None}


def as_known(found: Diff, seen: set[int]) -> dict[str, Any]:
    """Return a diff without words of gold but on the questions that are ``seen``."""
    return {
        "numbers": {name: len(getattr(found, name)) for name in ("changed", "withdrawn", "added")},
        "changed": [changed(one, one.question.question in seen) for one in found.changed[:NAMED]],
        "withdrawn": [withdrawn(one, one.question.question in seen) for one in found.withdrawn[:NAMED]],
        "added": [{**told(one), "split": one.split} for one in found.added[:NAMED]],
        "same": found.same,
    }


class Trial(APIView):
    @operation("try_release", {(200, "application/zip"): OpenApiTypes.BINARY, 202: JobShape}, takes=TrialBody)
    def post(self, request: Call, slug: str) -> HttpResponseBase:
        """Take the files that a release would have, as a zip that is marked as none. For managers.

        It is a look at their work. 202: it is much, and a job writes them; its `file/` is the zip once it is done.
        """
        found = tried(manager_of(request, slug), wished(TrialBody.of(request)))
        return accepted(request, found) if isinstance(found, Job) else sent(found)


class Since(APIView):
    @operation("compare_releases", DiffShape)
    def get(self, request: Call, slug: str, tag: str, old: str) -> Response:
        """Read what changed since an earlier release, the first 20 questions of a kind. For those who look on.

        404: it is no earlier one. The files of both releases, or the command `release_diff`, tell of all.
        """
        member = onlooker_of(request, slug)
        found, before = release_of(member, tag), release_of(member, old)
        if before.pk >= found.pk:
            raise Http404
        diff = between(before, found)
        return Response(DiffShape(as_known(diff, named_seen(diff, request.user))).data)
