"""Adding a fragment that was looked up to what may be cited of a question."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.actions.history import hold
from annotator.actions.leases import renew
from annotator.models import Annotation, Question, Supplement
from annotator.reading import BadInput, Problem
from retrieval.freezing import NewList, append, freeze_many
from retrieval.models import Fragment, ListedFragment, Retrieval

ENGINE = "people"


@transaction.atomic
def supplement(annotation: Annotation, fragment: Fragment) -> Supplement:
    """Add a fragment to the question's supplementary list in the name of the annotation's author.

    The list only grows at its end, and holds a fragment once: who adds what another one added finds it there, and is
    not told. A repeat changes nothing. Raises NotOpen, and BadInput where the fragment stands in the frozen list.
    """
    hold(annotation)
    if rank := rank_in_list(annotation.question, fragment):
        said = _("This is fragment %(rank)s of the list already: cite it there.") % {"rank": rank}
        raise BadInput([Problem("fragment", said)])
    line = append(growing_list(annotation.question), fragment)
    now = timezone.now()
    renew(annotation, now)
    return Supplement.objects.get_or_create(annotation=annotation, listed=line, defaults={"at": now})[0]


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
