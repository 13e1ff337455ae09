"""What people say of an annotation: for its author, and for whoever may look at it."""

from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.actions.returning import add_note
from annotator.api.access import Call
from annotator.api.bodies import MOST_KEY
from annotator.api.forms import body_of, filled
from annotator.api.paging import paged
from annotator.api.schema import PAGE, operation, page_of
from annotator.forms import NoteForm
from annotator.models import Note
from annotator.reading import BadInput, Problem
from annotator.views.notes import abouts, discussed


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


class Notes(APIView):
    @operation("list_notes", page_of(NoteShape), asks=PAGE)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List what was said of an annotation. For its author, and for those who see others’ work on the question."""
        _member, annotation = discussed(request.user, slug, pk, writes=False)
        found = annotation.notes.select_related("author")
        return paged(request, found, ["pk"], lambda rows: NoteShape(rows, many=True).data)

    @operation("add_note", NoteShape, status=201, takes=NoteBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Say something of an annotation, as a note of its own or in reply to one. For the same, less viewers."""
        member, annotation = discussed(request.user, slug, pk, writes=True)
        said = NoteBody.of(request)
        replied = said.pop("reply_to")
        reply_to = annotation.notes.filter(pk=replied).first() if replied else None
        if replied and reply_to is None:
            raise BadInput([Problem("reply_to", "is no note on this annotation")])
        cleaned = filled(lambda data: NoteForm(abouts(annotation), data), said).cleaned_data
        note = add_note(annotation, member, cleaned["text"], cleaned["condition"], reply_to)
        return Response(NoteShape(note).data, 201)
