"""A person’s own work: claiming a question, saving what they say of it, and handing it in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import record
from annotator.actions import claiming, saving, submitting
from annotator.actions.history import Conflict, NotOpen
from annotator.actions.queued import NotNow
from annotator.actions.saving import Save
from annotator.api.access import Call, annotating_of, member_of
from annotator.api.bodies import MOST_KEY, Body, ConditionField, RecordField
from annotator.api.paging import paged
from annotator.api.problems import Stale
from annotator.api.schema import PAGE, operation, page_of
from annotator.codec import to_json
from annotator.door import check_fit
from annotator.fragment_lists import own_list
from annotator.models import Annotation, Assignment, Member, Question
from annotator.reading import BadInput
from annotator.rows import Lines, lines_of
from annotator.standing import Standing, standing


class SlotShape(serializers.ModelSerializer[Assignment]):
    """A slot of yours on a question, and where your work on it stands."""

    question = serializers.IntegerField(source="question_id")
    external_id = serializers.CharField(source="question.external_id")
    batch = serializers.CharField(source="question.batch.name")
    text = serializers.CharField(source="question.text")

    class Meta:
        model = Assignment
        fields = ["question", "external_id", "batch", "text", "state", "reason", "lease_until"]


class FindingShape(serializers.Serializer[Any]):
    """What a check found, and in which condition; what blocks must be mended before the work can be handed in."""

    key = serializers.CharField(help_text="By which `dismiss/` puts it aside, if it does not block.")
    code = serializers.CharField()
    blocks = serializers.BooleanField()
    headline = serializers.CharField()
    advice = serializers.CharField()
    condition = serializers.CharField()


class WorkShape(serializers.Serializer["Work"]):
    """Your work on a question. A save of the whole names its `step`, one of a condition its version."""

    question = serializers.IntegerField(source="annotation.question_id")
    text = serializers.CharField(source="annotation.question.text")
    state = serializers.ChoiceField(Assignment.State.choices, source="annotation.assignment.state")
    reason = serializers.CharField(source="annotation.assignment.reason")
    lease_until = serializers.DateTimeField(source="annotation.assignment.lease_until", allow_null=True)
    step = serializers.IntegerField(source="annotation.revisions_made")
    versions = serializers.DictField(child=serializers.IntegerField(), source="stands.versions")
    findings = FindingShape(many=True)
    record = RecordField()


class ClaimBody(Body):
    """Which question; without, the next one."""

    question = serializers.IntegerField(min_value=1, max_value=MOST_KEY, required=False)


class WholeBody(Body):
    """All that you say of a question. `save_id` is one of your making, by which a repeat is known."""

    step = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The one that you read.")
    record = RecordField()
    save_id = serializers.CharField(max_length=36, required=False)


class ConditionBody(Body):
    """One condition, and the version that you read; 0 for a new one."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    condition = ConditionField()
    save_id = serializers.CharField(max_length=36, required=False)


class SkipBody(Body):
    """Why the question is put aside."""

    reason = serializers.CharField(max_length=2000)


@dataclass(frozen=True)
class Work:
    """An annotation with what stands of it; what its author looked up has numbers of their own, as on their page."""

    annotation: Annotation
    stands: Standing

    @property
    def record(self) -> record.Annotation:
        return own_list(self.annotation).said(self.stands.record)

    @property
    def findings(self) -> list[Any]:
        return submitting.without_dismissed(self.stands.findings, self.annotation)


def annotation_of(request: Call, slug: str, pk: int) -> Annotation:
    """Return the caller’s own annotation of a question, or raise Http404."""
    return get_object_or_404(Annotation.objects.editable_by(request.user).of_question(slug, pk).order_by())


def slot_of(request: Call, slug: str, pk: int) -> Assignment:
    own = Assignment.objects.of(request.user).filter(question__batch__project__slug=slug)
    return get_object_or_404(own.select_related("question__batch", "member__project"), question=pk)


def told(request: Call, slug: str, pk: int) -> Response:
    """Answer with the caller’s work on a question, as it is now."""
    annotation = annotation_of(request, slug, pk)
    return Response(WorkShape(Work(annotation, standing(annotation))).data)


def as_stored(annotation: Annotation, said: record.Annotation) -> tuple[record.Annotation, Lines]:
    """Return what is to be stored, and the lines that it may cite. Raises BadInput where it does not fit.

    Numbers of what others looked up are not known here: they would tell how much that is.
    """
    own, lines = own_list(annotation), lines_of(annotation.question, annotation)
    check_fit(annotation, said, own.by_number(lines))
    return own.meant(said), lines


def saved(request: Call, slug: str, pk: int, sent: Any, save: Callable[[Annotation], Any]) -> Response:
    """Save, and answer with what stands then; what came too late is answered with both texts.

    What does not fit is named as it was sent: of a whole ``record``, or of one ``condition``.
    """
    try:
        return stepped(request, slug, pk, save, sent=to_json(sent))
    except BadInput as bad:
        one = isinstance(sent, record.Condition)
        raise (bad.under("condition", within="conditions[0]") if one else bad.under("record")) from bad


def stepped(request: Call, slug: str, pk: int, act: Callable[[Annotation], Any], **sent: Any) -> Response:
    """Do something to the caller’s work, and answer with what stands then, also where it came too late."""
    try:
        with transaction.atomic():
            act(annotation_of(request, slug, pk))
    except (Conflict, NotOpen) as late:
        raise Stale(**sent, stands=told(request, slug, pk).data) from late
    return told(request, slug, pk)


def open_now(request: Call, slug: str, pk: int) -> Assignment:
    """Return the caller’s slot on a question, which they go on with. Raises NotNow where it is not open."""
    slot = slot_of(request, slug, pk)
    if slot.state not in Assignment.OPEN:
        raise NotNow(_("It is in no state for this: claim/ begins it, resume/ takes it up, reopen/ takes it back."))
    return slot


class Slots(APIView):
    @operation("list_work", page_of(SlotShape), asks=PAGE)
    def get(self, request: Call, slug: str) -> Response:
        """List the questions that you have, or had, and where your work on each stands."""
        member_of(request, slug)
        own = Assignment.objects.of(request.user).filter(question__batch__project__slug=slug)
        shown = own.select_related("question__batch")
        return paged(request, shown, ["pk"], lambda rows: SlotShape(rows, many=True).data)


class Claim(APIView):
    @operation("claim", WorkShape, status=[200, 204], takes=ClaimBody)
    def post(self, request: Call, slug: str) -> Response:
        """Get your next question, or the one you name.

        What you have open comes first. One that you skipped stays so until you POST to its `resume/`. 204: nothing is
        left for you.
        """
        member = annotating_of(request, slug)
        asked = ClaimBody.of(request).get("question")
        slot = claiming.take(member, question_of(member, asked)) if asked else claiming.claim(member)
        return told(request, slug, slot.question_id) if slot else Response(status=204)


def question_of(member: Member, pk: int) -> Question:
    return get_object_or_404(Question.objects.filter(batch__project=member.project_id), pk=pk)


class OwnWork(APIView):
    @operation("read_work", WorkShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read your own work on a question, with the step and the versions that a save names."""
        return told(request, slug, pk)

    @operation("save_work", WorkShape, takes=WholeBody)
    def put(self, request: Call, slug: str, pk: int) -> Response:
        """Save all that you say of a question, in the place of what stands.

        Each condition, answer and citation carries an id of your own making, which stays. A save that was made
        already is acknowledged. 409: something was saved since the step you name; the answer holds what you sent and
        what stands.
        """
        annotation_of(request, slug, pk)
        said = WholeBody.of(request)
        wanted: record.Annotation = said["record"]

        def save(annotation: Annotation) -> None:
            by = Save(annotation.writer, said.get("save_id"), said["step"])
            meant, lines = as_stored(annotation, wanted)
            saving.save_whole(annotation, meant, by, lines)

        return saved(request, slug, pk, wanted, save)


class OneCondition(APIView):
    @operation("save_condition", WorkShape, takes=ConditionBody)
    def put(self, request: Call, slug: str, pk: int, uid: str) -> Response:
        """Save one condition of your own work, or add it with version 0."""
        annotation_of(request, slug, pk)
        said = ConditionBody.of(request)
        wanted: record.Condition = said["condition"]
        if wanted.uid != uid:
            raise serializers.ValidationError({"condition.uid": ["is not that of the address"]})

        def save(annotation: Annotation) -> None:
            extra = standing(annotation).record.extra
            meant, lines = as_stored(annotation, record.Annotation(conditions=(wanted,), extra=extra))
            saving.put_condition(
                annotation, meant.conditions[0], Save(annotation.writer, said.get("save_id"), said["version"]), lines
            )

        return saved(request, slug, pk, wanted, save)


class Submit(APIView):
    @operation("submit", WorkShape, refuses=[422])
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Hand your work on a question in. 422: what must be mended first."""
        annotation = annotation_of(request, slug, pk)
        submitting.submit(annotation, annotation.writer)
        return told(request, slug, pk)


class Reopen(APIView):
    @operation("reopen", WorkShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Take back work that you handed in, to go on with it. 409: that is over, or you had put it aside."""
        annotation = annotation_of(request, slug, pk)
        submitting.reopen(annotation, annotation.writer)
        open_now(request, slug, pk)
        return told(request, slug, pk)


class Skip(APIView):
    @operation("skip", SlotShape, takes=SkipBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Put a question aside, with a reason; its place is free for somebody else."""
        slot = slot_of(request, slug, pk)
        if not claiming.skip(slot, SkipBody.of(request)["reason"]):
            raise NotOpen
        return Response(SlotShape(slot_of(request, slug, pk)).data)


class Resume(APIView):
    @operation("resume", SlotShape)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Take up again what you had skipped, or what was taken back from you. 409: handed in, or no place is free."""
        claiming.resume(slot_of(request, slug, pk))
        return Response(SlotShape(open_now(request, slug, pk)).data)
