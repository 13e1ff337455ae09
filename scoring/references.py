"""Questions without gold that a file brought with people's work: their work is what systems are scored by.

Who said that the question cannot be annotated is left out, as such gold is.
"""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef

from annotator import record
from annotator.models import Annotation, Batch, Question, Revision
from annotator.released import CHUNK, Frozen, Work, about_question, about_work, with_what_is_frozen
from scoring.scored import counts


def imported_references(batches: Sequence[Batch]) -> Iterator[Frozen]:
    """Yield the questions of which nobody made gold and all of whose work was imported, with that work."""
    here = Annotation.objects.filter(question=OuterRef("pk")).order_by()
    imports = Revision.objects.filter(annotation=OuterRef("pk"), number=1, verb=Revision.Verb.IMPORT)
    people = here.filter(source=record.Source.HUMAN)
    own = Question.objects.filter(
        Exists(people),
        ~Exists(people.filter(~Exists(imports))),
        ~Exists(here.filter(source=record.Source.GOLD)),
        batch__in=batches,
    )
    for question in with_what_is_frozen(own).iterator(chunk_size=CHUNK):
        kept = (one for one in question.annotations.all() if counts(one.verdict))
        written = [one for one in kept if one.step]  # type: ignore[attr-defined]
        yield Frozen(question.pk, 0, question.split, about_question(question), tuple(map(work_of, written)))


def work_of(annotation: Annotation) -> Work:
    return Work(annotation.step, about_work(annotation))  # type: ignore[attr-defined]
