"""Two requests at once that want what only one may have: who comes later is told so by the form, as always."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError

Said = ParamSpec("Said")
Answer = TypeVar("Answer")


def again_if_overtaken(view: Callable[Said, Answer]) -> Callable[Said, Answer]:
    """Ask a view once more where another request took a name between its check and its save: now the check finds it.

    For views whose verbs write all or nothing, so that the first time has left nothing behind.
    """

    @wraps(view)
    def asked(*args: Said.args, **named: Said.kwargs) -> Answer:
        try:
            return view(*args, **named)
        except IntegrityError:
            return view(*args, **named)

    return asked
