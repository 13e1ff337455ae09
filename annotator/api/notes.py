"""What people say of an annotation: for its author, and for whoever may look at it."""

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.returning import add_note
from annotator.api.access import Call, annotating_of, member_of
from annotator.api.bodies import MOST_KEY
from annotator.api.forms import body_of, filled
from annotator.api.paging import paged
from annotator.api.problems import Blind
from annotator.api.schema import PAGE, operation, page_of
from annotator.forms import NoteForm
from annotator.models import Annotation, Member, Note
from annotator.reading import BadInput, Problem
from annotator.standing import standing


class NoteShape(serializers.ModelSerializer[Note]):
    """What somebody said, of the whole or of a condition; `reply_to` is the note that began the thread."""

    author = serializers.CharField(source="author.pseudonym")
    reply_to = serializers.IntegerField(source="reply_to_id", allow_null=True)

    class Meta:
        model = Note
        fields = ["id", "condition", "author", "at", "text", "reply_to"]


NoteBody = body_of(
    NoteForm,
    "What you say, of a condition by its uid or of the whole, or in reply to a note by its id.",
    condition=serializers.CharField(max_length=32, default="", allow_blank=True),
    reply_to=serializers.IntegerField(min_value=1, max_value=MOST_KEY, default=None, allow_null=True),
)


def discussed(request: Call, member: Member, pk: int) -> Annotation:
    """Return what somebody wrote, if the member may say something of it: their own, or what they see of others.

    Raises Blind where it is hidden from one who looks on; for all others it is not there.
    """
    written = Annotation.objects.filter(question__batch__project=member.project_id, source="human")
    written = written.select_related("question__batch", "author__user", "assignment")
    found = get_object_or_404(written if Member.Role(member.role).looks_on else written.filter(author=member), pk=pk)
    if not Annotation.objects.discussed_by(request.user).filter(pk=found.pk).exists():
        raise Blind
    return found


class Notes(APIView):
    @operation("list_notes", page_of(NoteShape), asks=PAGE, refuses=[403])
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List what was said of an annotation. For its author, and for those who see others’ work on the question."""
        found = discussed(request, member_of(request, slug), pk).notes.select_related("author")
        return paged(request, found, ["pk"], lambda rows: NoteShape(rows, many=True).data)

    @operation("add_note", NoteShape, status=201, takes=NoteBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Say something of an annotation, as a note of its own or in reply to one.

        For its author, and for adjudicators and managers who see others’ work on the question.
        """
        member = annotating_of(request, slug)
        annotation = discussed(request, member, pk)
        said = NoteBody.of(request)
        replied = said.pop("reply_to")
        reply_to = annotation.notes.filter(pk=replied).first() if replied else None
        if replied and reply_to is None:
            raise BadInput([Problem("reply_to", "is no note on this annotation")])
        cleaned = filled(lambda data: NoteForm(standing(annotation).record.conditions, data), said).cleaned_data
        note = add_note(annotation, member, cleaned["text"], cleaned["condition"], reply_to)
        return Response(NoteShape(note).data, 201)
