"""How long a question stays with whoever has begun it: a lease, which their work renews."""

from datetime import datetime, timedelta

from annotator.models import Annotation, Assignment, Project

# A lease is renewed once a twelfth of it is gone: six hours of the usual three days. So a save costs one statement
# more a few times a day, and what nobody touches keeps eleven twelfths of its lease.
PARTS = 12


def lease_end(project: Project, now: datetime) -> datetime | None:
    """Return when a lease that begins now ends, None where the project sets no end."""
    return None if project.lease_hours is None else now + timedelta(hours=project.lease_hours)


def renew(annotation: Annotation, now: datetime) -> None:
    """Begin the lease of an open annotation anew, if a part of it is gone. Usually no query."""
    assignment, project = annotation.assignment, annotation.question.batch.project
    fresh = lease_end(project, now)
    until = assignment.lease_until
    if fresh == until or (fresh and until and fresh - until < timedelta(hours=(project.lease_hours or 0) / PARTS)):
        return
    Assignment.objects.filter(pk=assignment.pk, state__in=Assignment.OPEN).update(lease_until=fresh)
    assignment.lease_until = fresh
