"""What the search through a project finds, and to whom it is shown, as queryset methods that chain."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from annotator.word_index import having
from annotator.words import Query

if TYPE_CHECKING:
    from annotator.membership import AnyUser
    from annotator.models import SearchText


class SearchTextQuerySet(models.QuerySet["SearchText"]):
    def found_by(self, query: Query, project: int, kind: str = "") -> Self:
        """Return the texts in a project that a query finds, of one kind if that is named, each with its ``key``."""
        found: Self = having(self, query, {"project": project} | ({"kind": kind} if kind else {}))
        for term in query.stretches:
            stands = Q(words__contains=term.stretch)
            found = found.filter(~stands if term.barred else stands)
        return found

    def first_keys(self, number: int, after: int = 0) -> list[int]:
        """Return the first keys of what was found, in order, of those behind one if that is named. Queries."""
        found: Any = self.filter(Q(key__gt=after)) if after else self
        return list(found.order_by("key").values_list("key", flat=True)[:number])

    def shown_to(self, user: "AnyUser") -> Self:
        """Return the texts of questions and frozen lists, and of annotations those that are not hidden from the user.

        Whoever looks on sees the former anyway; of the latter a search shows what the page of the question would.
        """
        from annotator.models import Question

        # Of each hit by itself: who may see what of a whole project is more than a search takes.
        seen = Question.objects.not_blind_for(user).filter(pk=OuterRef("question"))
        return self.filter(Q(annotation=None) | Exists(seen))
