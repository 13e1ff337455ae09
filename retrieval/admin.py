"""The admin's pages: a corpus may be described anew, what was loaded or frozen may only be looked at."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from retrieval.models import Corpus, Fragment, ListedFragment, Retrieval

if TYPE_CHECKING:
    # Django's own classes take a type only while types are checked.
    Admin = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[Any, Any]
else:
    Admin, Inline = admin.ModelAdmin, admin.TabularInline


def never(*_of: Any) -> bool:
    """Answer every question of permission with no."""
    return False


class ReadOnly:
    """Rows can be looked at, and neither added, changed nor deleted."""

    has_add_permission: Callable[..., bool] = staticmethod(never)
    has_change_permission: Callable[..., bool] = staticmethod(never)
    has_delete_permission: Callable[..., bool] = staticmethod(never)


@admin.register(Corpus)
class CorpusAdmin(Admin):
    list_display = ["slug", "name", "snapshot_date", "licence"]
    search_fields = ["slug", "name", "source"]

    def get_readonly_fields(self, _request: HttpRequest, obj: Corpus | None = None) -> list[str]:
        """A corpus keeps its slug, which names its search index."""
        return ["slug"] if obj else []

    def save_model(self, request: HttpRequest, obj: Corpus, form: Any, change: bool) -> None:
        """Write what was changed alone: a load may be writing the size meanwhile."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            super().save_model(request, obj, form, change)


@admin.register(Fragment)
class FragmentAdmin(ReadOnly, Admin):
    list_display = ["id", "corpus", "title", "source_id", "page_id"]
    list_filter = ["corpus"]
    list_select_related = ["corpus"]
    search_fields = ["title", "=sha256", "=source_id"]
    # Counting millions of rows twice a page is what makes such a list slow.
    show_full_result_count = False


class ListedFragmentInline(ReadOnly, Inline):
    model = ListedFragment
    fields = ["rank", "fragment", "score"]
    ordering = ["rank"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("fragment")


@admin.register(Retrieval)
class RetrievalAdmin(ReadOnly, Admin):
    list_display = ["id", "query", "k", "engine", "kind", "created"]
    list_filter = ["engine", "kind"]
    search_fields = ["query", "=digest"]
    inlines = [ListedFragmentInline]


@admin.register(ListedFragment)
class ListedFragmentAdmin(ReadOnly, Admin):
    list_display = ["id", "retrieval", "rank", "fragment", "score"]
    list_select_related = ["retrieval", "fragment"]
    search_fields = ["fragment__title", "retrieval__query"]
    show_full_result_count = False
