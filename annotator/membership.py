"""Who belongs where: the querysets of projects, members, and of what lets people in. Everybody's access begins here."""

from typing import TYPE_CHECKING, Self, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from annotator.models import ConsentVersion, Delivery, Invite, Member, Project, Token, User

    AnyUser: TypeAlias = User | AnonymousUser


def belonging(user: "AnyUser", member: str = "") -> Q:
    """Return what holds where ``member`` leads to a membership of the user that lasts, in a project that stands."""
    lasting = {f"{member}left__isnull": True, f"{member}project__deleted__isnull": True}
    return Q(**{f"{member}user_id": user.pk}, **lasting) if user.pk else Q(pk__in=[])


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: "AnyUser") -> Self:
        """Return the projects that the user is a member of."""
        return self.filter(belonging(user, "members__"))

    def standing(self) -> Self:
        """Return the projects that are not deleted."""
        return self.filter(deleted__isnull=True)

    def restorable_by(self, user: "AnyUser") -> Self:
        """Return the deleted projects that the user managed and may bring back."""
        managed = self.filter(members__user_id=user.pk, members__role="manager", members__left__isnull=True)
        return managed.filter(deleted__isnull=False) if user.pk else self.none()


class MemberQuerySet(models.QuerySet["Member"]):
    def of(self, user: "AnyUser") -> Self:
        """Return the user's own memberships, those apart that they left or whose project is deleted."""
        return self.filter(belonging(user))

    def lasting(self) -> Self:
        """Return those who have not left."""
        return self.filter(left__isnull=True)

    def with_account(self) -> Self:
        """Return those who have not left and can sign in."""
        return self.lasting().filter(user__is_active=True)

    def managing(self, user: "AnyUser") -> Self:
        """Return the memberships by which the user manages projects, each with its project."""
        return self.of(user).filter(role="manager").select_related("project")

    def newcomers(self) -> Self:
        """Return those who have never signed in and belong to one project alone.

        To these a manager may hand a sign-in link; for anybody else it would be a way into their account.
        """
        fresh = self.with_account().filter(user__last_login__isnull=True)
        elsewhere = self.model.objects.filter(user=OuterRef("user")).exclude(project=OuterRef("project"))
        return fresh.filter(~Exists(elsewhere), user__is_staff=False, user__is_superuser=False)

    def looking_on(self, user: "AnyUser") -> Self:
        """Return the memberships by which the user may look at what others wrote, each with its project."""
        return self.of(user).exclude(role="annotator").select_related("project")

    def adjudicating(self, user: "AnyUser") -> Self:
        """Return the memberships by which the user adjudicates, each with its project."""
        return self.of(user).filter(role__in=["adjudicator", "manager"]).select_related("project")

    def annotating(self) -> Self:
        """Return those whose role lets them claim questions."""
        return self.exclude(role="viewer")


class InviteQuerySet(models.QuerySet["Invite"]):
    def unspent(self) -> Self:
        """Return the invites that are neither used up, expired nor revoked."""
        return self.filter(revoked__isnull=True, used__lt=F("uses"), expires__gt=timezone.now())

    def open(self) -> Self:
        """Return the invites by which somebody may still join a project that stands."""
        return self.unspent().filter(project__deleted__isnull=True)


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self) -> Self:
        """Return the tokens that are neither revoked nor expired, of accounts that are not shut."""
        return self.filter(revoked__isnull=True, expires__gt=timezone.now(), user__is_active=True)


class ConsentVersionQuerySet(models.QuerySet["ConsentVersion"]):
    def current(self) -> Self:
        """Return each project's last version, where its text asks for something."""
        later = self.model.objects.filter(project=OuterRef("project"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later)).exclude(text="")

    def owed_by(self, member: "Member") -> Self:
        """Return what the member has yet to agree to."""
        return self.current().filter(project=member.project_id).exclude(consents__member=member)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        """Return those that are to be sent, now or later, by hooks that are on, of projects that stand."""
        return self.filter(state="waiting", hook__on=True, hook__project__deleted__isnull=True)

    def due(self) -> Self:
        """Return those whose time has come, the oldest first."""
        now = timezone.now()
        return self.waiting().filter(due__lte=now, hook__rests_until__lte=now).order_by("due", "pk")

    def missed(self) -> Self:
        """Return those whose last attempt was in vain, be they sent once more or given up."""
        return self.filter(milliseconds__isnull=False).exclude(code__range=(200, 299))

    def held(self, delivery: "Delivery") -> Self:
        """Return the delivery while it waits for the outcome of the attempt that ``delivery`` was fetched with."""
        return self.filter(pk=delivery.pk, state="waiting", tries=delivery.tries)
