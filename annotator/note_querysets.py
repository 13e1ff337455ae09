"""How notes are read, as queryset methods."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from annotator.models import Note


class NoteQuerySet(models.QuerySet["Note"]):
    def threads(self) -> "list[tuple[Note, list[Note]]]":
        """Return each note that answers none, in order, with those that answer it. One query."""
        found: dict[int, tuple[Note, list[Note]]] = {}
        for note in self.select_related("author__user").order_by("pk"):
            if note.reply_to_id is None:
                found[note.pk] = (note, [])
            else:
                found[note.reply_to_id][1].append(note)
        return list(found.values())
