"""What the workbench is measured against: the same template and the same writes, with nothing worked out.

``bare_open`` authenticates and renders the page's template from a context in memory. ``bare_save`` authenticates,
writes as many rows in one transaction, and renders the same partials from a context in memory. ``bare_claim`` and
``bare_submit`` authenticate, write as many rows in one transaction, and redirect.
"""

from functools import cache
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from annotator.models import Annotation, Assignment, Condition, Member, Question, Revision
from annotator.views.bench import Bench
from annotator.views.cards import CARD, context
from annotator.views.workbench import page

numbers = count(1_000_000)


def fetched(pk: int) -> Annotation:
    question = Annotation.objects.select_related("question__batch__project").get(pk=pk).question
    whole = Annotation.objects.of_question(question.batch.project.slug, question.pk)
    return whole.get(pk=pk)


@cache
def kept_page(pk: int) -> dict[str, Any]:
    found = page(Bench.of(fetched(pk)))
    assert found["bench"].marks is not None
    assert found["bench"].findings is not None
    return found


@cache
def kept_save(pk: int, uid: str) -> dict[str, Any]:
    found = context(Bench.of(fetched(pk)), uid, moved=False, toast=None)
    assert found["bench"].findings is not None
    return found


def bare_open(request: HttpRequest, pk: int) -> HttpResponse:
    assert request.user.is_authenticated
    return render(request, "annotator/workbench.html", kept_page(pk))


def bare_save(request: HttpRequest, pk: int, uid: str) -> HttpResponse:
    assert request.user.is_authenticated
    text = request.POST[f"text.{uid}"]
    with transaction.atomic():
        Condition.objects.filter(annotation=pk, uid=uid).update(text=text, version=F("version") + 1)
        Annotation.objects.filter(pk=pk).update(revisions_made=F("revisions_made") + 1, saved=timezone.now())
        Revision.objects.create(
            annotation_id=pk, number=next(numbers) * 10 + pk % 10, at=timezone.now(), verb="card", record={"text": text}
        )
    return render(request, f"{CARD}#saved", kept_save(pk, uid))


def bare_claim(request: HttpRequest, pk: int) -> HttpResponse:
    assert request.user.is_authenticated
    member, now = Member.objects.filter(user=request.user)[0], timezone.now()
    with transaction.atomic():
        Question.objects.filter(pk=pk).update(taken=F("taken") + 1)
        work = Annotation.objects.create(question_id=pk, author=member, created=now, opened=now, saved=now)
        Assignment.objects.create(question_id=pk, member=member, annotation=work, created=now, lease_until=now)
    return redirect("home")


def bare_submit(request: HttpRequest, pk: int) -> HttpResponse:
    assert request.user.is_authenticated
    now, whole = timezone.now(), {"conditions": [{"text": text} for text in request.POST.values()]}
    with transaction.atomic():
        Annotation.objects.filter(pk=pk).update(verdict="unambiguous", revisions_made=F("revisions_made") + 2)
        Revision.objects.bulk_create(
            Revision(annotation_id=pk, number=next(numbers) * 10 + pk % 10, at=now, verb=verb, record=whole)
            for verb in ("overall", "submit")
        )
        Annotation.objects.filter(pk=pk).update(submitted=now, saved=now)
        Assignment.objects.filter(annotation=pk).update(state="submitted", lease_until=None)
        Member.objects.filter(user=request.user).update(submitted=F("submitted") + 1)
        Question.objects.filter(annotations=pk).update(accord=1.0)
    return redirect("home")
