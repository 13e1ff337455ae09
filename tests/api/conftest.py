"""What the operations of the API are called with, and by whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from annotator.models import Assignment, Look, Project, User
from tests.api.calls import calling, send
from tests.api.routes import BODIES, FILES
from tests.canary import CANARY, unpacked
from tests.test_routes import arguments as of_pages

__all__ = ["of_pages"]
Ask = Callable[[Client, User | None, str, str], tuple[Any, bool]]


@pytest.fixture
def arguments(of_pages: dict[str, Any], assignment: Assignment) -> dict[str, Any]:
    """The parts of addresses, by name: Ann’s question and annotation, and what the pages are called with."""
    pages = of_pages
    return {
        "slug": "clocks",
        "q": assignment.question_id,
        "a": assignment.annotation_id,
        "added": assignment.annotation.supplements.get().number,
        "batch": pages["batch"]["pk"],
        "slot": pages["assign_back"]["pk"],
        "member": pages["member"]["pk"],
        "invite": pages["invite_revoke"]["pk"],
        "system": pages["system"]["pk"],
        "import": pages["import"]["pk"],
        "job": pages["job"]["pk"],
        "hook": pages["hook"]["pk"],
        "delivery": pages["delivery_again"]["number"],
        "site_job": pages["site_job"]["pk"],
        "token": pages["token_revoke"]["pk"],
        "proposal": pages["proposal_take"]["pk"],
        "judged": pages["rating"]["number"],
        "sample": pages["rating"]["pk"],
        "n": pages["evaluation"]["number"],
        "tag": pages["release"]["tag"],
    }


@pytest.fixture
def ask(arguments: dict[str, Any]) -> Ask:
    """Call an operation by its line; whatever it changed is taken back.

    Gives the answer, and whether it hides what Ann wrote or tells it to who has thereby looked, with nothing open.
    """

    def asked(client: Client, account: User | None, method: str, line: str) -> tuple[Any, bool]:
        path = f"/api/{line.format_map(arguments)}"
        with transaction.atomic():
            if (method, line) in FILES:
                response = client.post(path, {})
            else:
                response = send(client, method, path, None if method == "GET" else BODIES.get((method, line), {}))
            sings = CANARY.encode() in unpacked(response.getvalue())
            looked = Look.objects.filter(member__user=account)
            unseen = not sings or looked.exclude(member__assignments__state__in=Assignment.OPEN).exists()
            transaction.set_rollback(True)
        return response, unseen

    return asked


@pytest.fixture
def callers(request: pytest.FixtureRequest, project: Project) -> dict[str, tuple[Client, User | None]]:
    """Each caller’s client and account."""
    people = {name: request.getfixturevalue(name) for name in ("vi", "bo", "ann", "cy", "mo")}
    found = {name: (calling(one), one.user) for name, one in people.items()}
    dee, mo = request.getfixturevalue("dee"), people["mo"]
    found |= {"nobody": (Client(), None), "dee": (calling(dee), dee), "reads": (calling(mo, "read"), mo.user)}
    return found | {"elsewhere": (calling(mo, "write", Project.objects.get(slug="noise")), mo.user)}
