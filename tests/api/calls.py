"""Calling the API in a test: a client that carries a token, and JSON both ways."""

from datetime import timedelta
from typing import Any

from django.test import Client

from annotator.actions.tokens import make_token
from annotator.models import Member, Project, Token, User

DAY = timedelta(days=1)
CLOCKS = "/api/projects/clocks/"


def calling(person: Member | User, scope: str = "write", project: Project | None = None) -> Client:
    """Return a client with a fresh token of a person."""
    return with_secret(fresh(person, scope, project))


def fresh(person: Member | User, scope: str = "write", project: Project | None = None) -> str:
    """Return the secret of a fresh token of a person."""
    account = person.user if isinstance(person, Member) else person
    return make_token(account, "a script", Token.Scope(scope), DAY, project)


def with_secret(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    """Return the answer to JSON, or to nothing."""
    values = {"data": body, "content_type": "application/json"} if body is not None else {}
    return getattr(client, method.lower())(path, **values)
