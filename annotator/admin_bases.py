"""What the administration's pages of several tables share."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from annotator import models
from retrieval.admin import Admin, ReadOnly, never


class NeverAdded:
    """Rows can be changed, and neither added nor deleted here."""

    has_add_permission: Callable[..., bool] = staticmethod(never)
    has_delete_permission: Callable[..., bool] = staticmethod(never)


class Long:
    """A list that may be long: counting all of it twice a page is what makes it slow."""

    show_full_result_count = False
    list_per_page = 50


class Work(Long, ReadOnly, Admin):
    """Rows of what people wrote. A project's member is shown their own, and others' as on the project's pages.

    ``annotation`` leads from a row to its annotation, and so to its question and author.
    """

    annotation = "annotation__"
    author = "author"

    def get_queryset(self, request: HttpRequest) -> Any:
        shown = models.Question.objects.shown_to_operator(request.user)
        own = {f"{self.annotation}{self.author}__user": request.user}
        return super().get_queryset(request).filter(Q(**{f"{self.annotation}question__in": shown}) | Q(**own))
