"""Corpora, as a project may search them and as who runs the installation keeps them: loaded and indexed by jobs."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions import corpus_files
from annotator.actions.queued import NotNow
from annotator.actions.retrieving import corpora_for
from annotator.api.access import Call, manager_of, only_for_who_runs_it
from annotator.api.forms import body_of, filled
from annotator.api.jobs import JobShape, accepted
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.corpus_form import LoadForm
from annotator.index_states import How, IndexState, index_states
from annotator.models import Job
from retrieval.models import Corpus


class CorpusShape(serializers.ModelSerializer[Corpus]):
    """A corpus: how many fragments it has, and where they are from."""

    class Meta:
        model = Corpus
        fields = ["slug", "name", "size", "source", "snapshot_date", "licence", "attribution"]


class IndexShape(serializers.Serializer[IndexState]):
    """How the index stands to the fragments: `fresh` if nothing is missing, `away` or `barred` if the search fails.

    It is `unused` where there is none, imports alone filled the corpus, and nobody looks things up in it.

    `indexed` fragments are in it; it is `current` if its settings are today’s. Both are null where that is not known.
    `trouble` is what is wrong with one that cannot be read, or why the search fails.
    """

    state = serializers.ChoiceField(list(How), source="how")
    indexed = serializers.IntegerField(source="found.indexed", allow_null=True, default=None)
    current = serializers.BooleanField(source="found.current", allow_null=True, default=None)
    trouble = serializers.CharField()


class IndexedShape(CorpusShape):
    """A corpus with its index."""

    index = IndexShape()

    class Meta(CorpusShape.Meta):
        fields = [*CorpusShape.Meta.fields, "index"]


class CorpusFileShape(serializers.Serializer[Any]):
    """A file on the server that can be loaded, and its size in bytes."""

    name = serializers.CharField()
    size = serializers.IntegerField()


class CorpusFilesShape(serializers.Serializer[Any]):
    """All files, by name."""

    results = CorpusFileShape(many=True)


LoadBody = body_of(
    LoadForm,
    "A file on the server, the corpus that it goes into (made if there is none), and what is said of that.",
    file=serializers.CharField(max_length=255),
    upload=None,
)


def corpus_named(request: Call, slug: str) -> Corpus:
    only_for_who_runs_it(request)
    return get_object_or_404(Corpus, slug=slug)


def alone(request: Call, job: Job | None) -> Response:
    """Answer with the job that works on a corpus. Raises NotNow where another does."""
    if job is None:
        raise NotNow(_("A job works on this corpus already."))
    return accepted(request, job)


class OfProject(APIView):
    @operation("list_corpora_of_project", page_of(CorpusShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the corpora that a project may search. For managers."""
        found = corpora_for(manager_of(request, slug).project)
        return paged(request, found, ["pk"], lambda rows: CorpusShape(rows, many=True).data)


class Corpora(APIView):
    @operation("list_corpora", page_of(CorpusShape), asks=PAGE)
    def get(self, request: Call) -> Response:
        """List all corpora. For who runs the installation: superusers."""
        only_for_who_runs_it(request)
        return paged(request, Corpus.objects.all(), ["pk"], lambda rows: CorpusShape(rows, many=True).data)

    @operation("load_corpus", JobShape, status=202, takes=LoadBody)
    def post(self, request: Call) -> Response:
        """Let a job load a file that lies on the server into a corpus, and index it. For who runs the installation.

        409: a job works on that corpus already.
        """
        only_for_who_runs_it(request)
        form = filled(LoadForm, LoadBody.of(request))
        said = form.cleaned_data
        return alone(request, corpus_files.load(said["file"], said["corpus"], form.about()))


class OneCorpus(APIView):
    @operation("read_corpus", IndexedShape)
    def get(self, request: Call, corpus: str) -> Response:
        """Read what a corpus is, and how fresh its index. For who runs the installation."""
        found = corpus_named(request, corpus)
        (state,) = index_states([found])
        return Response({**CorpusShape(found).data, "index": IndexShape(state).data})


class Reindex(APIView):
    @operation("reindex", JobShape, status=202)
    def post(self, request: Call, corpus: str) -> Response:
        """Let a job rebuild the index of a corpus. For who runs the installation. 409: a job works on it already."""
        return alone(request, corpus_files.reindex(corpus_named(request, corpus).slug))


class Files(APIView):
    @operation("list_corpus_files", CorpusFilesShape)
    def get(self, request: Call) -> Response:
        """List the files on the server that can be loaded. For who runs the installation."""
        only_for_who_runs_it(request)
        found = [{"name": name, "size": size} for name, size in corpus_files.lying_with_sizes()]
        return Response({"results": found})
