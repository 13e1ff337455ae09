"""Adding a fragment that was looked up to what may be cited of a question, and taking it out again."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.actions.history import hold
from annotator.actions.leases import renew
from annotator.models import Annotation, Citation, Mark, Question, Revision, Supplement
from annotator.reading import BadInput, Problem
from retrieval.freezing import NewList, append, freeze_many, take_out
from retrieval.models import Fragment, ListedFragment, Retrieval

ENGINE = "people"


class Cited(Exception):
    """The author has cited what they would take out, be it in the history, which names it by its place."""


@transaction.atomic
def supplement(annotation: Annotation, fragment: Fragment) -> Supplement:
    """Add a fragment to the question's supplementary list in the name of the annotation's author.

    The list grows at its end, and holds a fragment once: who adds what another one added finds it there, and is
    not told. A repeat changes nothing. Raises NotOpen, and BadInput where the fragment stands in the frozen list.
    """
    hold(annotation)
    if rank := rank_in_list(annotation.question, fragment):
        said = _("This is fragment %(rank)s of the list already: cite it there.") % {"rank": rank}
        raise BadInput([Problem("fragment", said)])
    line = append(growing_list(annotation.question), fragment)
    now = timezone.now()
    renew(annotation, now)
    new = {"at": now, "number": next_number(annotation)}
    return Supplement.objects.get_or_create(annotation=annotation, listed=line, defaults=new)[0]


def next_number(annotation: Annotation) -> int:
    """Return a number that the annotation's author never gave to a fragment: another window may show them all."""
    highest = annotation.supplements.aggregate(highest=Max("number"))["highest"] or 0
    return int(max(highest, annotation.taken_out)) + 1


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
    if line.rank in ranks_named(annotation.revisions.all()) or cites(annotation, line):
        raise Cited(_("You have cited S%(number)s: it stays, since your history names it.") % {"number": number})
    annotation.marks.filter(listed=line).delete()
    row.delete()
    annotation.taken_out = max(annotation.taken_out, number)
    annotation.save(update_fields=["taken_out"])
    if not stays(annotation, line):
        take_out(line)
    renew(annotation, timezone.now())
    return line.fragment


def cites(annotation: Annotation, line: ListedFragment) -> bool:
    return Citation.objects.filter(condition__annotation=annotation, listed=line).exists()


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
    return {rank for said in steps.values_list("record", flat=True) for rank in ranks_in(said)}


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
