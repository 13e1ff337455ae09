"""What the browser says of working time: a report every half minute, and what a form without script stands for."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from annotator.actions.timing import spend, worker_on
from annotator.models import Annotation, Member
from annotator.views.request import Request, number_in


@require_POST
def time_spent(request: Request, slug: str, pk: int) -> HttpResponse:
    """Count seconds of the person's work on an annotation of theirs; what is no number counts nothing."""
    related = ("question__batch__project", "question__adjudicator", "author")
    theirs = Annotation.objects.timed_for(request.user).select_related(*related)
    annotation = get_object_or_404(theirs, pk=pk, question__batch__project__slug=slug)
    worker = worker_on(annotation)
    if worker is None or worker.user_id != request.user.pk:
        raise Http404
    spend(annotation, worker, number_in(request.POST, "seconds"))
    return HttpResponse(status=204)


def count_without_script(request: HttpRequest, member: Member, annotations: Iterable[Annotation]) -> None:
    """Count the time that a form stands for. With script it says 0, since the script reports by itself.

    Without, nobody knows; the clock and the cut-off say how many seconds may count.
    """
    for annotation in annotations if request.POST.get("seconds") != "0" else ():
        spend(annotation, member, annotation.question.batch.project.idle_seconds)
