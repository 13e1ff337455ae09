"""Personal tokens: what a program signs in with, in the place of the person who made it."""

from django.db import models
from django.db.models import Q

from annotator.membership import TokenQuerySet
from annotator.models.people import User
from annotator.models.projects import Project


class Token(models.Model):
    """A token of an account, kept as the SHA-256 of its secret. It may do no more than the account, or only read.

    One with a ``project`` gets into that project alone. ``used`` is when it was last used, to the minute.
    """

    class Scope(models.TextChoices):
        """What may be done with it."""

        READ = "read", "Read"
        WRITE = "write", "Read and write"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="tokens")
    name = models.CharField(max_length=100)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(scope__in=["read", "write"]), name="token_scope")]

    def __str__(self) -> str:
        return self.name

    @property
    def writes(self) -> bool:
        return self.scope == Token.Scope.WRITE
