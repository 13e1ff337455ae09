"""Releases: their list, making one, and its files."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import jobs
from annotator.actions import looking
from annotator.api.access import Call, manager_of, onlooker_of
from annotator.api.bodies import Body
from annotator.api.jobs import JobShape, accepted
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.cut import CannotRelease
from annotator.models import Job, Member, Release
from annotator.models.releases import TAG
from annotator.querysets import ReleaseQuerySet
from annotator.released import edition_of, written_in
from scoring.api.refusals import refused
from scoring.downloads import sent
from scoring.releasing import Wish, cut_release, is_large, is_small, release_later


class ReleaseShape(serializers.ModelSerializer[Release]):
    """A release: gold frozen under a tag."""

    previous = serializers.CharField(source="previous.tag", allow_null=True, default=None)
    questions = serializers.IntegerField(source="number")

    class Meta:
        model = Release
        fields = ["tag", "previous", "created", "licence", "digest", "questions"]


class TrialBody(Body):
    """The batches by name (none: all) and the splits, as the command `release` takes them."""

    batches = serializers.ListField(child=serializers.CharField(max_length=100), default=list, max_length=100)
    splits = serializers.ListField(child=serializers.CharField(max_length=160), default=list, max_length=100)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=1)


class ReleaseBody(TrialBody):
    """The tag, the batches by name (none: all) and the splits, as the command `release` takes them."""

    tag = serializers.CharField(max_length=50)


def wished(said: dict[str, Any]) -> Wish:
    return Wish(said.get("tag", ""), tuple(said["batches"]), tuple(said["splits"]), said["seed"])


def made(member: Member, wish: Wish) -> Release | Job:
    """Freeze what is asked for, or let a job do so where it is much. Raises BadInput, and NotNow."""
    try:
        return release_later(wish, member) if is_large(member.project) else cut_release(member.project, wish, member)
    except CannotRelease as refusal:
        raise refused(refusal, ReleaseBody) from refusal


def releases_of(member: Member) -> ReleaseQuerySet:
    return member.project.releases.select_related("previous").with_counts()


def release_of(member: Member, tag: str) -> Release:
    """Return a release of the member’s project by its tag, or raise Http404."""
    if not TAG.match(tag):  # a column holds no NUL
        raise Http404
    return get_object_or_404(releases_of(member), tag=tag)


class Releases(APIView):
    @operation("list_releases", page_of(ReleaseShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the releases of a project, the last one first. For those who look on."""
        found = releases_of(onlooker_of(request, slug))
        return paged(request, found, ["-pk"], lambda rows: ReleaseShape(rows, many=True).data)

    @operation("release", {201: ReleaseShape, 202: JobShape}, takes=ReleaseBody)
    def post(self, request: Call, slug: str) -> Response:
        """Freeze finished gold under a tag. For managers. 202: it holds much, and a job releases it."""
        member = manager_of(request, slug)
        found = made(member, wished(ReleaseBody.of(request)))
        if isinstance(found, Job):
            return accepted(request, found)
        return Response(ReleaseShape(releases_of(member).get(pk=found.pk)).data, 201)


class OneRelease(APIView):
    @operation("read_release", ReleaseShape)
    def get(self, request: Call, slug: str, tag: str) -> Response:
        """Read what a release is. For those who look on."""
        return Response(ReleaseShape(release_of(onlooker_of(request, slug), tag)).data)


class File(APIView):
    @operation("release_file", {(200, "application/zip"): OpenApiTypes.BINARY, 202: JobShape})
    def post(self, request: Call, slug: str, tag: str) -> HttpResponseBase:
        """Take the files of a release as a zip, which is a look at its gold. For those who look on.

        202: it is large, and a job writes them; its `file/` is the zip once it is done.
        """
        member = onlooker_of(request, slug)
        found = release_of(member, tag)
        looking.take_out(member, written_in(found))
        if is_small(found):
            return sent(edition_of(found))
        return accepted(request, jobs.start("release_file", member.project, member, tag=found.tag))
