"""What the demo's people say of each other's work, and the work that is returned."""

from typing import Any

from django.db import transaction

from annotator.actions import looking
from annotator.actions.returning import add_note, return_to_author
from annotator.models import Annotation, Member, Note, Question
from config.demo.times import When, said_to_be


@transaction.atomic
def discuss(question: Question, members: dict[str, Member], said: dict[str, Any]) -> None:
    """Begin a thread on somebody's annotation, or return it with that comment, unless it was done before."""
    annotation = Annotation.objects.filter(question=question, author=members[said["author"]]).first()
    if annotation is None or annotation.notes.filter(text=said["text"]).exists():
        return
    by = members[said["by"]]
    card = annotation.conditions.all()[said["condition"] - 1].uid if "condition" in said else ""
    with said_to_be(When.of(said)):
        looking.look(by, question)
        say = return_to_author if said.get("returns") else add_note
        note = say(annotation, by, said["text"], card)
    for reply in said.get("replies", ()):
        answer(annotation, members[reply["by"]], note, reply)


def answer(annotation: Annotation, by: Member, note: Note, reply: dict[str, Any]) -> None:
    with said_to_be(When.of(reply)):
        add_note(annotation, by, reply["text"], reply_to=note)
