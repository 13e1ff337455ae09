"""Going back: returning work to its author with a comment, and the notes that people leave on it."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from annotator.actions import looking
from annotator.actions.according import note_accord
from annotator.actions.history import Step, Verb, append
from annotator.models import Annotation, Assignment, Member, Note
from annotator.standing import standing

State = Assignment.State


class NotReturnable(Exception):
    """The work is not submitted (any more), or its author is gone."""


def may_return(member: Member, annotation: Annotation) -> bool:
    """Return whether the member is one who returns others' work, and it is others'."""
    return member.role in (Member.Role.MANAGER, Member.Role.ADJUDICATOR) and annotation.author_id != member.pk


@transaction.atomic
def return_to_author(annotation: Annotation, by: Member, comment: str, condition: str = "") -> Note:
    """Return submitted work to its author, with a comment on the whole or on a condition; its slot stays theirs.

    What was submitted stays in the history. Of two returns at once, one wins. Raises NotReturnable.
    """
    author = annotation.writer
    handed_in = Annotation.objects.filter(pk=annotation.pk, submitted__isnull=False)
    slot = Assignment.objects.filter(annotation=annotation, state=State.SUBMITTED)
    present = Member.objects.lasting().annotating().filter(pk=author.pk, user__isnull=False)
    reopened = handed_in.update(submitted=None) and slot.update(state=State.RETURNED, reason=comment)
    # They are held by it: who leaves now waits, and then gives this back too.
    if not (reopened and present.update(submitted=F("submitted") - 1)):
        raise NotReturnable
    looking.keep_seen(author, annotation.question_id)
    returned = Annotation.objects.select_related("assignment", "question").get(pk=annotation.pk)
    append(returned, Step(Verb.RETURN, by, standing(returned).record))
    note_accord(returned.question_id)
    return add_note(returned, by, comment, condition)


def add_note(annotation: Annotation, by: Member, text: str, condition: str = "", reply_to: Note | None = None) -> Note:
    """Say something of an annotation or one of its conditions; a reply stands under the note that began the thread."""
    if reply_to:
        reply_to = reply_to.reply_to or reply_to
        condition = reply_to.condition
    return Note.objects.create(
        annotation=annotation, condition=condition, author=by, at=timezone.now(), text=text, reply_to=reply_to
    )
