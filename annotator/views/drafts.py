"""Adopting a card of a draft on the workbench."""

from django.http import HttpRequest, HttpResponse

from annotator.actions import adopting
from annotator.actions.history import Conflict
from annotator.actions.saving import Save
from annotator.models import Annotation
from annotator.reading import whole_number
from annotator.views.cards import annotation_of, checked_uid, save_of, saves, step_made, stepped, whole


@saves
def adopt(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make a draft's card one's own under the uid that the browser made, and answer with it."""
    annotation = annotation_of(request, slug, pk)
    uid, made, save = request.POST.get("uid", ""), annotation.revisions_made, save_of(request, annotation, "version")
    adopt_named(annotation, request.POST.get("draft", ""), checked_uid(uid), save)
    return stepped(whole(request, slug, pk, opened=uid), step_made(annotation, made, save))


def adopt_named(annotation: Annotation, name: str, own: str, save: Save) -> None:
    """Adopt the card that a button names by its draft's key and its uid. Raises Conflict, NotOpen and BadInput."""
    draft, _dot, uid = name.partition(".")
    number = whole_number(draft)
    if number is None:
        raise Conflict
    adopting.adopt(annotation, number, uid, own, save)
