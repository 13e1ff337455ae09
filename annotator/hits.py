"""What a search found, as its page and the API tell it: the text around the place, and where that stands."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from annotator.models import Answer, SearchText
from annotator.searching import SearchTextQuerySet
from annotator.words import Query, marked

LENGTH = 280
Kind = SearchText.Kind
KINDS = {
    Kind.QUESTION: _("Questions"),
    Kind.CONDITION: _("Conditions and answers"),
    Kind.REMARK: _("Notes and reasons"),
    Kind.FRAGMENT: _("Fragments"),
}
Runs = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found, in runs, and what stands above it: a fragment's title, or nothing."""

    row: SearchText
    text: Runs
    title: Runs
    answers: list[Runs]


def shown(keys: list[int]) -> SearchTextQuerySet:
    """Return the texts of these keys with what a hit tells of its place."""
    rows = SearchText.objects.filter(pk__in=keys).order_by("pk").defer("words")
    place = ("question__batch", "annotation__author__user", "annotation__system", "condition", "listed__fragment")
    return rows.select_related(*place).prefetch_related(
        Prefetch("condition__answers", Answer.objects.order_by("order"))
    )


def hit_of(row: SearchText, query: Query) -> Hit:
    """Return a text as it reads, around the place where the query finds it."""
    if row.listed:
        fragment = row.listed.fragment
        return Hit(row, marked(fragment.text, query, LENGTH), marked(fragment.title, query), [])
    if row.condition:
        answers = [marked(" · ".join([one.text, *one.aliases]), query) for one in row.condition.answers.all()]
        return Hit(row, marked(row.condition.text, query, LENGTH), [], answers)
    if row.annotation:
        said = " ".join(filter(None, [row.annotation.reason, row.annotation.note]))
        return Hit(row, marked(said, query, LENGTH), [], [])
    return Hit(row, marked(row.question.text, query), [], [])


def plainly(runs: Runs) -> str:
    """Return runs as one text."""
    return "".join(run for run, _hit in runs)
