"""A receiver, and a hook that leads there."""

from collections.abc import Iterator
from typing import Any

import pytest

from annotator.models import Hook, Project
from tests.annotator.hooks.hooked import make_hook
from tests.annotator.hooks.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def hook(project: Project, receiver: Receiver, settings: Any) -> Hook:
    """A hook of the project that is told of everything, at a receiver on this machine."""
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    return make_hook(project, receiver.url)
