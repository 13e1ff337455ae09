"""What makes a variable that our own templates miss an error."""

import sys
from pathlib import Path

from django.conf import settings
from django.template.base import Node

OURS = settings.BASE_DIR / "templates"


class MissingVariable(AssertionError):
    """A template names a variable that its context does not have."""


class Missing(str):
    """Django's ``string_if_invalid``: raises for a template of ours, is nothing for one of Django's own."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        node = rendered_node()
        origin = getattr(node, "origin", None)
        if origin and Path(origin.name).is_relative_to(OURS):
            line = node.token.lineno if node and node.token else "?"
            raise MissingVariable(f"{origin.name}:{line}: {variable} is missing")
        return ""


def rendered_node() -> Node | None:
    """Return the template node that is being rendered, from the stack."""
    frame = sys._getframe()
    while frame.f_back:
        frame = frame.f_back
        if frame.f_code.co_name == "render_annotated":
            return frame.f_locals.get("self")
    return None
