"""What stands beside one’s own work: machines’ drafts, marks on fragments, and warnings that are put aside."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import record
from annotator.actions import adopting, saving, submitting
from annotator.actions.adopting import Draft, drafts_beside
from annotator.actions.saving import Save
from annotator.api.access import Call
from annotator.api.bodies import MOST_KEY, Body, RecordField
from annotator.api.schema import operation
from annotator.api.work import WorkShape, annotation_of, stepped
from annotator.codec import LONGEST_LIST, UID
from annotator.fragment_lists import own_list
from annotator.models import Annotation
from annotator.reading import BadInput, Problem
from annotator.rows import lines_of

STATES = {"read": record.MarkState.READ, "irrelevant": record.MarkState.IRRELEVANT, "unread": None}


class DraftShape(serializers.Serializer[Draft]):
    """What a machine proposes, and which of its conditions you adopted."""

    id = serializers.IntegerField(source="row.pk")
    system = serializers.CharField(source="row.system.name")
    sample = serializers.IntegerField(source="row.sample")
    adopted = serializers.ListField(child=serializers.CharField())
    record = RecordField()


class DraftsShape(serializers.Serializer[Any]):
    """All drafts that you see, by system."""

    results = DraftShape(many=True)


class AdoptBody(Body):
    """A condition of a draft, and the id of your own making under which it becomes yours."""

    draft = serializers.IntegerField(min_value=1, max_value=MOST_KEY)
    condition = serializers.CharField(max_length=32)
    uid = serializers.CharField(max_length=32)
    save_id = serializers.CharField(max_length=36, required=False)

    def validate_uid(self, uid: str) -> str:
        if not UID.match(uid):
            raise serializers.ValidationError("is no id: letters, digits, _ and -")
        return uid


class RanksField(serializers.ListField):
    child = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class MarksShape(serializers.Serializer[Any]):
    """Which fragments of the frozen list you marked, by rank; the others are unread, but for those that you cite."""

    read = RanksField()
    irrelevant = RanksField()


class MarksBody(Body):
    """Ranks of the frozen list; what is not named keeps its mark."""

    read = RanksField(default=list, max_length=LONGEST_LIST)
    irrelevant = RanksField(default=list, max_length=LONGEST_LIST)
    unread = RanksField(default=list, max_length=LONGEST_LIST)


class DismissBody(Body):
    """The key of a finding, and if you like why it does not hold."""

    key = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=1000, default="", allow_blank=True)


def marked(annotation: Annotation) -> Response:
    """Answer with the marks of an annotation on the frozen list; a file may bring others. One query."""
    frozen = annotation.marks.filter(listed__retrieval=annotation.question.retrieval_id)
    given = frozen.order_by("listed__rank").values_list("state", "listed__rank")
    ranks: dict[str, list[int]] = {"read": [], "irrelevant": []}
    for state, rank in given:
        ranks[state].append(rank)
    return Response(ranks)


def states_in(annotation: Annotation, said: dict[str, list[int]]) -> dict[int, record.MarkState | None]:
    """Return how fragments are to be marked, by key. Raises BadInput, naming ranks that are none, or there twice."""
    lines = lines_of(annotation.question, annotation)
    found: dict[int, record.MarkState | None] = {}
    for name, state in STATES.items():
        for place, rank in enumerate(said[name]):
            listed = lines.get((False, rank))
            if listed is None or listed in found:
                told = f"is {rank}, which is named twice" if listed else f"is {rank}, and the list has no such fragment"
                raise BadInput([Problem(f"{name}[{place}]", told)])
            found[listed] = state
    return found


class Drafts(APIView):
    @operation("list_drafts", DraftsShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """List the drafts beside your own work: from your first submission on, or always where the project says so."""
        annotation = annotation_of(request, slug, pk)
        said = own_list(annotation).said
        shown: Any = [Draft(one.row, said(one.record), one.adopted) for one in drafts_beside(annotation)]
        return Response({"results": DraftShape(shown, many=True).data})


class Adopt(APIView):
    @operation("adopt", WorkShape, takes=AdoptBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Make a condition of a draft your own, and keep where it came from; again under its id, it changes nothing.

        409: you do not see the draft, it has no such condition, or your work is closed.
        """
        annotation_of(request, slug, pk)
        said = AdoptBody.of(request)

        def adopt(annotation: Annotation) -> None:
            save = Save(annotation.writer, said.get("save_id"), 0)
            adopting.adopt(annotation, said["draft"], said["condition"], said["uid"], save)

        return stepped(request, slug, pk, adopt)


class Marks(APIView):
    @operation("read_marks", MarksShape)
    def get(self, request: Call, slug: str, pk: int) -> Response:
        """Read which fragments of a question’s frozen list you marked."""
        return marked(annotation_of(request, slug, pk))

    @operation("mark", MarksShape, takes=MarksBody)
    def patch(self, request: Call, slug: str, pk: int) -> Response:
        """Mark fragments of a question’s frozen list as read, irrelevant or unread."""
        annotation = annotation_of(request, slug, pk)
        saving.mark(annotation, states_in(annotation, MarksBody.of(request)))
        return marked(annotation)


class Dismiss(APIView):
    @operation("dismiss", WorkShape, takes=DismissBody)
    def post(self, request: Call, slug: str, pk: int) -> Response:
        """Put a warning on your own work aside, which is then no longer among its findings; what blocks stays.

        Again, it keeps the reason that it has, unless another is given.
        """
        annotation_of(request, slug, pk)
        said = DismissBody.of(request)

        def dismiss(annotation: Annotation) -> None:
            if not submitting.put_aside(annotation, said["key"], said["reason"]):
                raise BadInput([Problem("key", "is that of no warning that stands here")])

        return stepped(request, slug, pk, dismiss)
