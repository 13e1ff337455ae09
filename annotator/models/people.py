"""Who works here: accounts, memberships, the links that let people in, and what they agreed to."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from annotator.membership import ConsentVersionQuerySet, InviteQuerySet, MemberQuerySet


class User(AbstractUser):
    """An account. What a person may do in a project is said by their memberships."""


class Member(models.Model):
    """A person in a project. One without a user came in by a file, or was erased; the pseudonym stays.

    One who ``left`` keeps their account here, so that they can come back to their work, and gets in nowhere.
    ``seen`` is up to when their working time has been counted.
    """

    class Role(models.TextChoices):
        MANAGER = "manager"
        ADJUDICATOR = "adjudicator"
        ANNOTATOR = "annotator"
        VIEWER = "viewer"

        @property
        def annotates(self) -> bool:
            return self != Member.Role.VIEWER

        @property
        def looks_on(self) -> bool:
            return self != Member.Role.ANNOTATOR

    project = models.ForeignKey("annotator.Project", on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=11, choices=Role, default=Role.ANNOTATOR)
    pseudonym = models.CharField(max_length=100)
    joined = models.DateTimeField()
    submitted = models.PositiveIntegerField(default=0)
    left = models.DateTimeField(null=True, blank=True)
    seen = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["project", "pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="one_membership_per_user"),
            models.UniqueConstraint(fields=["project", "pseudonym"], name="one_member_per_pseudonym"),
            models.CheckConstraint(
                condition=Q(role__in=["manager", "adjudicator", "annotator", "viewer"]), name="member_role"
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym

    @property
    def name(self) -> str:
        """Return the name for the project's own pages: the account's, or the pseudonym."""
        return (self.user.get_full_name() or self.user.username) if self.user else self.pseudonym


class SignInLink(models.Model):
    """A one-time link, kept as the SHA-256 of its token."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"for {self.user}, until {self.expires:%Y-%m-%d %H:%M}"


class Invite(models.Model):
    """A link by which ``uses`` people may join a project in one role, kept as the SHA-256 of its token."""

    project = models.ForeignKey("annotator.Project", on_delete=models.CASCADE, related_name="invites")
    role = models.CharField(max_length=11, choices=Member.Role, default=Member.Role.ANNOTATOR)
    digest = models.CharField(max_length=64, unique=True)
    uses = models.PositiveIntegerField(default=1)
    used = models.PositiveIntegerField(default=0)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InviteQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(condition=Q(used__lte=F("uses")), name="invite_never_overused"),
            models.CheckConstraint(
                condition=Q(role__in=["manager", "adjudicator", "annotator", "viewer"]), name="invite_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.project}, {self.used} of {self.uses} used"


class ConsentVersion(models.Model):
    """What a project asks its members to agree to, from one time on; an empty text asks for nothing."""

    project = models.ForeignKey("annotator.Project", on_delete=models.CASCADE, related_name="consent_versions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    created = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ConsentVersionQuerySet.as_manager()

    class Meta:
        ordering = ["project", "-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="consent_number_once")]

    def __str__(self) -> str:
        return f"version {self.number}"


class Consent(models.Model):
    """That a member agreed to a version of the text, and when."""

    version = models.ForeignKey(ConsentVersion, on_delete=models.CASCADE, related_name="consents")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version", "at"]
        constraints = [models.UniqueConstraint(fields=["version", "member"], name="one_consent_per_version")]

    def __str__(self) -> str:
        return f"{self.member}: {self.version}"
