"""Who works here: accounts, memberships and one-time sign-in links."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from annotator.querysets import MemberQuerySet


class User(AbstractUser):
    """An account. What a person may do in a project is said by their memberships."""


class Member(models.Model):
    """A person in a project. One without a user came in by a file, or was erased; the pseudonym stays."""

    class Role(models.TextChoices):
        MANAGER = "manager"
        ADJUDICATOR = "adjudicator"
        ANNOTATOR = "annotator"
        VIEWER = "viewer"

        @property
        def annotates(self) -> bool:
            return self != Member.Role.VIEWER

    project = models.ForeignKey("annotator.Project", on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=11, choices=Role, default=Role.ANNOTATOR)
    pseudonym = models.CharField(max_length=100)
    joined = models.DateTimeField()
    submitted = models.PositiveIntegerField(default=0)

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
