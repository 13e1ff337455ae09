"""Changing what a project says of itself, and how people work in it."""

from collections.abc import Sequence

from django.db import transaction

from annotator.actions.corpus_files import reindex
from annotator.actions.retrieving import own_corpus
from annotator.models import Cursor, Project


@transaction.atomic
def change_settings(project: Project, fields: Sequence[str]) -> None:
    """Store these columns of a project; claims begin anew where what its members looked at becomes theirs, or not.

    A job indexes the project's own corpus once things are looked up in it: an import does not.
    """
    before = Project.objects.get(pk=project.pk)
    project.save(update_fields=fields)
    if before.lookers_may_annotate != project.lookers_may_annotate:
        Cursor.objects.filter(batch__project=project).start_over()
    if project.corpus and project.corpus_id != before.corpus_id and project.corpus.slug == own_corpus(project):
        reindex(project.corpus.slug)
