"""Freezing lists, and proving them unchanged."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from retrieval import freezing
from retrieval.engines import Hit
from retrieval.freezing import Line, NewList, StaleIndexError, append, freeze_many, verify
from retrieval.models import Fragment, ListedFragment, Retrieval


def freeze(query: str, k: int, hits: list[Hit], created: datetime | None = None) -> Retrieval:
    """Freeze the list that a search gave."""
    (lines,) = freezing.lines_of([hits])
    return freeze_many([NewList(query, k, "embedded", {"tie_breaker": 0.3}, lines, created=created)])[0]


@pytest.fixture
def frozen(fragments) -> Retrieval:
    hits = [Hit(fragments[1].pk, 2.5), Hit(fragments[0].pk, 1.0)]
    return freeze("Who won?", 20, hits)


@pytest.fixture
def supplementary(fragments) -> Retrieval:
    return freeze_many([NewList("more", 1, "hand", {}, lines_of(fragments[:1]), Retrieval.Kind.SUPPLEMENTARY)])[0]


def lines_of(fragments: list[Fragment]) -> list[Line]:
    return [Line(rank, fragment.pk, fragment.sha256) for rank, fragment in enumerate(fragments, start=1)]


def test_hits_are_written_in_their_order_with_their_scores(frozen, fragments):
    lines = frozen.listed.values_list("rank", "fragment", "score")
    assert list(lines) == [(1, fragments[1].pk, 2.5), (2, fragments[0].pk, 1.0)]
    assert (frozen.query, frozen.k, frozen.engine, frozen.settings) == (
        "Who won?",
        20,
        "embedded",
        {"tie_breaker": 0.3},
    )
    assert frozen.kind == Retrieval.Kind.FROZEN


def test_the_digest_is_that_of_rank_and_fragment_line_by_line(frozen, fragments):
    text = f"1 {fragments[1].sha256}\n2 {fragments[0].sha256}\n"
    assert frozen.digest == hashlib.sha256(text.encode()).hexdigest()


def test_when_a_list_was_made_may_be_told(fragments):
    then = datetime(2024, 5, 6, tzinfo=UTC)
    assert freeze("q", 1, [], then).created == then
    assert freeze("q", 1, []).created > then


def test_a_hit_without_its_fragment_writes_nothing(fragments):
    with pytest.raises(StaleIndexError, match="fragment 999999"):
        freeze("lost", 1, [Hit(fragments[0].pk, 1.0), Hit(999_999, 0.5)])
    assert not Retrieval.objects.filter(query="lost").exists()


def test_many_lists_keep_order_scores_extras_and_a_fragment_listed_twice(fragments):
    first, second = fragments[0], fragments[1]
    twice = [Line(1, first.pk, first.sha256, 3.0, {"score": "3"}), Line(2, first.pk, first.sha256)]
    one = freeze_many([NewList("a", 2, "file", {}, twice), NewList("b", 1, "file", {}, lines_of([second]))])
    assert [(retrieval.query, retrieval.listed.count()) for retrieval in one] == [("a", 2), ("b", 1)]
    line = one[0].listed.get(rank=1)
    assert (line.score, line.extra, one[0].listed.get(rank=2).extra) == (3.0, {"score": "3"}, {})
    assert [verify(retrieval) for retrieval in one] == [[], []]


def test_a_hundred_lists_take_few_queries(fragments, django_assert_max_num_queries):
    lists = [NewList(f"q{number}", 3, "file", {}, lines_of(fragments)) for number in range(100)]
    with django_assert_max_num_queries(6):
        freeze_many(lists)
    assert ListedFragment.objects.filter(retrieval__query__startswith="q").count() == 300


def test_a_rank_given_twice_writes_nothing(fragments):
    lines = [Line(1, fragment.pk, fragment.sha256) for fragment in fragments]
    with pytest.raises(IntegrityError), transaction.atomic():
        freeze_many([NewList("lost", 3, "file", {}, lines)])
    assert not Retrieval.objects.filter(query="lost").exists()


def test_an_untouched_list_is_proved_in_two_queries(frozen, django_assert_num_queries):
    fresh = Retrieval.objects.get(pk=frozen.pk)
    with django_assert_num_queries(2):
        assert verify(fresh) == []


def test_a_prefetched_list_is_proved_without_a_query(frozen, django_assert_num_queries):
    fresh = Retrieval.objects.prefetch_related("listed__fragment").get(pk=frozen.pk)
    with django_assert_num_queries(0):
        assert verify(fresh) == []


def test_a_tampered_fragment_is_noticed(frozen, fragments):
    Fragment.objects.filter(pk=fragments[0].pk).update(text="Italy won.")
    assert verify(frozen) == [f"rank 2: fragment {fragments[0].pk} is not the text it was stored as"]


def test_a_fragment_tampered_with_its_digest_is_noticed(frozen, fragments):
    digest = Fragment.digest_of(fragments[0].title, "Italy won.")
    Fragment.objects.filter(pk=fragments[0].pk).update(text="Italy won.", sha256=digest)
    assert verify(frozen) == ["the lines are not the ones that were frozen: the digest differs"]


def test_a_missing_line_is_noticed(frozen):
    frozen.listed.get(rank=1).delete()
    problems = verify(frozen)
    assert problems[0] == "ranks do not run from 1 to 1"
    assert problems[1].endswith("the digest differs")


def test_a_supplementary_list_grows_at_its_end(supplementary, fragments):
    line = append(supplementary, fragments[2], 0.5)
    assert (line.rank, line.score) == (2, 0.5)
    assert verify(Retrieval.objects.get(pk=supplementary.pk)) == verify(supplementary) == []


def test_appending_what_is_listed_gives_the_line_there_is(supplementary, fragments):
    assert append(supplementary, fragments[0]).rank == 1
    assert supplementary.listed.count() == 1


def test_a_frozen_list_never_grows(frozen, fragments):
    with pytest.raises(ValueError, match="never changes"):
        append(frozen, fragments[2])
    assert frozen.listed.count() == 2
