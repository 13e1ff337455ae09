"""How far the people of a question agree, kept on the question: by it the queue of adjudication is ordered."""

from django.db import transaction

from annotator.aligned import accord
from annotator.desk import fragments_of, works_of
from annotator.models import Annotation, Question
from annotator.prepared import Prepared

locked = Prepared(
    lambda pk: Question.objects.select_for_update(of=["self"]).select_related("retrieval").filter(pk=pk), -1
)
handed_in = Prepared(lambda question: Annotation.objects.filter(question=question, source="human").submitted(), -1)


@transaction.atomic(savepoint=False)
def note_accord(question: int) -> None:
    """Work out the question's accord anew, from what is submitted now; null below two."""
    # Locked, so that of two people who submit at once the second sees both.
    [row] = locked.rows(question)
    submitted = list(handed_in.rows(question))
    works = works_of(submitted, fragments_of(row)) if len(submitted) > 1 else []
    value = accord([work.compared for work in works], row.text)
    if value != row.accord:
        Question.objects.filter(pk=question).update(accord=value)
