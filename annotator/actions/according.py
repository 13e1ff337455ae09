"""How far the people of a question agree, kept on the question: by it the queue of adjudication is ordered."""

from django.db import transaction

from annotator.aligned import accord
from annotator.desk import fragments_of, work_of
from annotator.models import Annotation, Question


@transaction.atomic
def note_accord(question: int) -> None:
    """Work out the question's accord anew, from what is submitted now; null below two."""
    # Locked, so that of two people who submit at once the second sees both.
    row = Question.objects.select_for_update().get(pk=question)
    found = Annotation.objects.filter(question=question, source="human").submitted().select_related("question")
    submitted = list(found.with_conditions()) if found.count() > 1 else []
    places = fragments_of(row) if submitted else {}
    value = accord([work_of(one, places).compared for one in submitted], row.text)
    if value != row.accord:
        Question.objects.filter(pk=question).update(accord=value)
