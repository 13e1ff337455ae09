"""Adopting a card of a draft on the workbench."""

from django.http import HttpRequest, HttpResponse

from annotator.actions import adopting
from annotator.actions.history import Conflict
from annotator.actions.saving import Save
from annotator.codec import UID
from annotator.models import Annotation
from annotator.reading import BadInput, Problem, whole_number
from annotator.views.bench import Bench
from annotator.views.cards import annotation_of, refused, save_of, saves, step_made, stepped, whole


@saves
def adopt(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make a draft's card one's own under the uid that the browser made, and answer with it."""
    annotation = annotation_of(request, slug, pk)
    uid, made, save = request.POST.get("uid", ""), annotation.revisions_made, save_of(request, annotation, "version")
    if not UID.match(uid):
        return refused(request, Bench.of(annotation), [Problem("uid", "is no id")], "")
    try:
        adopt_named(annotation, request.POST.get("draft", ""), uid, save)
    except BadInput as bad:
        return refused(request, Bench.of(annotation), bad.problems, "")
    return stepped(whole(request, slug, pk, opened=uid), step_made(annotation, made, save))


def adopt_named(annotation: Annotation, name: str, own: str, save: Save) -> None:
    """Adopt the card that a button names by its draft's key and its uid. Raises Conflict, NotOpen and BadInput."""
    draft, _dot, uid = name.partition(".")
    number = whole_number(draft)
    if number is None:
        raise Conflict
    adopting.adopt(annotation, number, uid, own, save)
