"""Adding a fragment that was looked up to what may be cited of a question, and taking it out again."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.actions.history import hold
from annotator.actions.leases import renew
from annotator.models import Annotation, Citation, Mark, Question, Revision, Supplement
from annotator.reading import BadInput, Problem
from annotator.supplement_numbers import mark_of, number_for
from retrieval.freezing import NewList, append, freeze_many, take_out
from retrieval.models import Fragment, ListedFragment, Retrieval

ENGINE = "people"


class Cited(Exception):
    """The author has cited what they would take out, be it in the history, which names it by its place."""


@transaction.atomic
def supplement(annotation: Annotation, fragment: Fragment) -> bool:
    """Add a fragment to the question's supplementary list for an annotation's author; return whether it is new to them.

    The list grows at its end, and holds a fragment once: who adds what another one added finds it there, and is
    not told. Raises NotOpen, and BadInput where the fragment stands in the frozen list.
    """
    hold(annotation)
    if rank := rank_in_list(annotation.question, fragment):
        said = _("This is fragment %(rank)s of the list already: cite it there.") % {"rank": rank}
        raise BadInput([Problem("fragment", said)])
    line = append(growing_list(annotation.question), fragment)
    now = timezone.now()
    renew(annotation, now)
    if annotation.supplements.filter(listed=line).exists():
        return False
    annotation.supplements.create(listed=line, at=now, number=number_for(annotation, fragment))
    return True


@transaction.atomic
def take_back(annotation: Annotation, number: int) -> Fragment | None:
    """Take out what the annotation's author added under a number, and return the fragment; None where none has it.

    It goes from the question's list, too, unless somebody else added it or one behind it, or what was written or
    released counts places of the list that far. Raises NotOpen, and Cited.
    """
    hold(annotation)
    row = annotation.supplements.filter(number=number).select_related("listed__fragment").first()
    if row is None:
        return None
    line = row.listed
    Retrieval.objects.select_for_update().get(pk=line.retrieval_id)  # who adds the same fragment comes before or after
    line.refresh_from_db(fields=["rank"])
    if line.rank in ranks_cited(annotation):
        raise Cited(_("You have cited S%(number)s: it stays, since your history names it.") % {"number": number})
    annotation.marks.filter(listed=line).delete()
    row.delete()
    annotation.taken_out = mark_of(line.fragment.sha256)
    annotation.save(update_fields=["taken_out"])
    if not stays(annotation, line):
        take_out(line)
    renew(annotation, timezone.now())
    return line.fragment


def ranks_cited(annotation: Annotation) -> set[int]:
    """Return the places of the supplementary list that the annotation or its history names. Two queries."""
    own = Citation.objects.filter(condition__annotation=annotation)
    cited = own.filter(listed__retrieval=annotation.question.supplementary_id).values_list("listed__rank", flat=True)
    return ranks_named(annotation.revisions.all()).union(cited)


def stays(annotation: Annotation, line: ListedFragment) -> bool:
    """Return whether a line that the annotation's author took out stays in the list: others count on its place."""
    # Who is saving now may name what they added by the place at which they read it.
    behind = Supplement.objects.filter(listed__retrieval=line.retrieval_id, listed__rank__gte=line.rank)
    if behind.exclude(annotation=annotation).exists():
        return True
    if any(table.objects.filter(listed=line).exists() for table in (Citation, Mark)):
        return True
    question = annotation.question
    counted = question.released.values_list("about__supplementary", flat=True)
    named = ranks_named(Revision.objects.filter(annotation__question=question))
    return max([0, *(number or 0 for number in counted), *named]) >= line.rank


def ranks_named(steps: QuerySet[Revision]) -> set[int]:
    """Return the places of the supplementary list that steps of histories name. One query."""
    naming = steps.annotate(words=Cast("record", TextField())).filter(words__contains='"supplementary"')
    return {rank for said in naming.values_list("record", flat=True) for rank in ranks_in(said)}


def ranks_in(said: object) -> Iterator[int]:
    """Yield the places that the citations in a stored record name of the supplementary list."""
    match said:
        case {"supplementary": True, "rank": int(rank)}:
            yield rank
        case dict():
            for part in said.values():
                yield from ranks_in(part)
        case list():
            for part in said:
                yield from ranks_in(part)


def rank_in_list(question: Question, fragment: Fragment) -> int | None:
    """Return the rank at which the frozen list shows the fragment, be it of another corpus. One query."""
    listed = ListedFragment.objects.filter(retrieval=question.retrieval_id, fragment__sha256=fragment.sha256)
    return listed.order_by("rank").values_list("rank", flat=True).first()


def growing_list(question: Question) -> Retrieval:
    """Return the question's supplementary list, made if it has none yet, inside the caller's transaction."""
    row = Question.objects.filter(pk=question.pk)
    if question.supplementary_id is None:
        made = freeze_many([NewList(question.text, 0, ENGINE, {}, [], Retrieval.Kind.SUPPLEMENTARY)])[0]
        if not row.filter(supplementary__isnull=True).update(supplementary=made):
            made.delete()  # somebody else was first
    found = Retrieval.objects.get(pk__in=row.values("supplementary"))
    question.supplementary = found
    return found
