"""What a project asks its members to agree to, and who did."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from annotator.models import Consent, ConsentVersion, Member, Project
from annotator.prepared import Prepared

owed = Prepared(
    lambda member, project: ConsentVersion.objects.owed_by(Member(pk=member, project_id=project))[:1], -1, -2
)


class ConsentOwed(Exception):
    """The member has yet to agree to what the project asks of them; no question was handed out."""


@transaction.atomic
def publish_consent(project: Project, text: str, by: Member) -> ConsentVersion | None:
    """Ask for ``text`` from now on, which makes the next version; a text that is asked for already makes none.

    An empty one asks for nothing more. Returns None where nothing was, or is, asked for.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    newest = project.consent_versions.first()
    if text == (newest.text if newest else ""):
        return newest
    last = project.consent_versions.aggregate(last=Max("number"))["last"] or 0
    return ConsentVersion.objects.create(project=project, number=last + 1, text=text, created=timezone.now(), by=by)


def asked_by(project: Project) -> ConsentVersion | None:
    """Return what the project asks of whoever joins it."""
    return ConsentVersion.objects.current().filter(project=project).first()


def owed_by(member: Member) -> ConsentVersion | None:
    """Return what the member has yet to agree to before they claim anything more. One query."""
    return owed.first(member.pk, member.project_id)


def require_consent(member: Member) -> None:
    """Raise ConsentOwed where the member has yet to agree: every verb that hands out a question begins with this."""
    if owed_by(member):
        raise ConsentOwed


def agree(member: Member, version: ConsentVersion) -> None:
    """Keep that the member agrees. Agreeing twice keeps the first time."""
    Consent.objects.get_or_create(version=version, member=member, defaults={"at": timezone.now()})
