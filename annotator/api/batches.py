"""Batches: how each is asked, asking questions again, and giving questions to named people."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.asking_found import ask_found
from annotator.actions.assigning import MOST, assign_all, unassign, who_may_have
from annotator.actions.projects import HIGHEST_PRIORITY, add_batch, change_batch, prioritise
from annotator.actions.queued import NotNow
from annotator.api.access import Call, manager_of, onlooker_of
from annotator.api.bodies import MOST_KEY, Body
from annotator.api.forms import body_of, filled
from annotator.api.jobs import JobShape, accepted
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.batch_forms import AskAgainForm, BatchForm
from annotator.models import Assignment, Batch, Job, Member, Question
from annotator.querysets import QuestionQuerySet
from annotator.reading import BadInput, Problem
from annotator.web.overtaken import again_if_overtaken


class BatchShape(serializers.ModelSerializer[Batch]):
    """A batch: how many people annotate each question, and when."""

    guideline_version = serializers.IntegerField(source="guideline_version.number", allow_null=True, default=None)

    class Meta:
        model = Batch
        fields = ["id", "position", "size", *BatchForm.Meta.fields]


class AskedAgainShape(serializers.Serializer[Any]):
    """How many questions are asked again."""

    added = serializers.IntegerField()


class AssignedShape(serializers.Serializer[Any]):
    """A question that was given to a member, who has not begun it."""

    id = serializers.IntegerField()
    question = serializers.IntegerField(source="question_id")
    external_id = serializers.CharField(source="question.external_id")
    batch = serializers.CharField(source="question.batch.name")
    member = serializers.IntegerField(source="member_id")
    pseudonym = serializers.CharField(source="member.pseudonym")
    created = serializers.DateTimeField()


class CountsShape(serializers.Serializer[Any]):
    """How many questions went how to their members."""

    assigned = serializers.IntegerField()
    theirs = serializers.IntegerField(help_text="They have it already.")
    full = serializers.IntegerField(help_text="It has no free place, or no list of fragments.")
    looked = serializers.IntegerField(help_text="They have looked at what others wrote on it.")
    left = serializers.IntegerField(help_text="They have left, or only look on.")


class PrioritisedShape(serializers.Serializer[Any]):
    """How many questions have the priority now."""

    changed = serializers.IntegerField()


class KeysField(serializers.ListField):
    child = serializers.IntegerField(min_value=1, max_value=MOST_KEY)


class AssignBody(Body):
    """Each of these questions for each of these members, by their ids."""

    members = KeysField(allow_empty=False, max_length=MOST)
    questions = KeysField(allow_empty=False, max_length=MOST)


class PriorityBody(Body):
    """These questions, by their ids; a batch that is given out by priority begins with the highest."""

    questions = KeysField(allow_empty=False, max_length=MOST)
    priority = serializers.IntegerField(min_value=0, max_value=HIGHEST_PRIORITY)


NewBatch = body_of(BatchForm, "A new batch; what is not said is as the page proposes it.")
BatchChanges = body_of(BatchForm, "What is to change; the rest stays.", changes=True)
AskAgain = body_of(AskAgainForm, "Which questions of other batches are asked again.")


def batches_of(member: Member) -> "QuerySet[Batch]":
    return member.project.batches.select_related("guideline_version", "project")


def questions_named(member: Member, keys: list[int]) -> QuestionQuerySet:
    """Return the project’s questions of these ids. Raises BadInput where one is none of them."""
    found = Question.objects.filter(batch__project=member.project_id, pk__in=keys)
    if found.count() < len(set(keys)):
        raise BadInput([Problem("questions", "names one that is none of this project")])
    return found


def people_named(member: Member, keys: list[int]) -> list[Member]:
    """Return the members of these ids who may have questions. Raises BadInput where one may not."""
    found = list(who_may_have(member.project).filter(pk__in=keys))
    if len(found) < len(set(keys)):
        raise BadInput([Problem("members", "names one who is nobody that annotates here")])
    return found


class Batches(APIView):
    @operation("list_batches", page_of(BatchShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the batches of a project. For those who look on: viewers, adjudicators, managers."""
        found = batches_of(onlooker_of(request, slug))
        return paged(request, found, ["position", "pk"], lambda rows: BatchShape(rows, many=True).data)

    @operation("add_batch", BatchShape, status=201, takes=NewBatch)
    @again_if_overtaken
    def post(self, request: Call, slug: str) -> Response:
        """Add a batch behind the others. For managers."""
        project, said = manager_of(request, slug).project, NewBatch.of(request)
        form = filled(lambda data: BatchForm(data, instance=Batch(project=project)), said)
        return Response(BatchShape(add_batch(project, **form.cleaned_data)).data, 201)


class OneBatch(APIView):
    @operation("read_batch", BatchShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read how a batch is asked. For those who look on."""
        return Response(BatchShape(get_object_or_404(batches_of(onlooker_of(request, slug)), pk=pk)).data)

    @operation("change_batch", BatchShape, takes=BatchChanges)
    @again_if_overtaken
    def patch(self, request: Call, slug: str, pk: int) -> Response:
        """Change how a batch is asked; work that people have begun is kept. For managers."""
        member = manager_of(request, slug)
        batch, said = get_object_or_404(batches_of(member), pk=pk), BatchChanges.of(request)
        form = filled(lambda data: BatchForm(data, instance=batch), said)
        change_batch(form.instance, list(said))
        return Response(BatchShape(batches_of(member).get(pk=pk)).data)


class Again(APIView):
    @operation("ask_again", {200: AskedAgainShape, 202: JobShape}, takes=AskAgain)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Ask questions of other batches again in this one, all that are found or a sample of them. For managers.

        Each is a new question with a copy of its frozen list. 202: they are many, and a job asks them.
        """
        member = manager_of(request, slug)
        batch, said = get_object_or_404(batches_of(member), pk=pk), AskAgain.of(request)
        added = ask_found(member, batch, filled(lambda data: AskAgainForm(batch, data), said).cleaned_data)
        if isinstance(added, Job):
            return accepted(request, added)
        return Response({"added": added})


class Assign(APIView):
    @operation("assign", CountsShape, takes=AssignBody)
    def post(self, request: Call, slug: str) -> Response:
        """Give questions to named people, who have them before all others; at most 1,000 at once. For managers."""
        manager, said = manager_of(request, slug), AssignBody.of(request)
        people, questions = people_named(manager, said["members"]), questions_named(manager, said["questions"])
        if len(people) * questions.count() > MOST:
            raise BadInput([Problem("questions", f"times members are more than {MOST}")])
        in_order = questions.in_order().select_related("batch")
        counts = assign_all((member, question) for member in people for question in in_order)
        return Response(CountsShape(dict.fromkeys(CountsShape().fields, 0) | counts).data)


class Assigned(APIView):
    @operation("list_assigned", page_of(AssignedShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the questions that were given to people who have not begun them. For managers."""
        member = manager_of(request, slug)
        given = Assignment.objects.assigned().filter(member__project=member.project_id)
        shown = given.select_related("question__batch", "member")
        return paged(request, shown, ["pk"], lambda rows: AssignedShape(rows, many=True).data)


class TakeBack(APIView):
    @operation("take_back_assigned", None, status=204)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Take a question back from a member who has not begun it. For managers. 409: they have."""
        own = Assignment.objects.filter(member__project=manager_of(request, slug).project_id)
        if not unassign(get_object_or_404(own.select_related("question__batch"), pk=pk)):
            raise NotNow(_("It has been begun meanwhile, so it stays."))
        return Response(status=204)


class Prioritise(APIView):
    @operation("prioritise", PrioritisedShape, takes=PriorityBody)
    def post(self, request: Call, slug: str) -> Response:
        """Give questions a priority. For managers."""
        manager, said = manager_of(request, slug), PriorityBody.of(request)
        return Response({"changed": prioritise(questions_named(manager, said["questions"]), said["priority"])})
