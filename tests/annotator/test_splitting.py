"""Splits: seeded, in strata, near doubles together; a question keeps the split that it has."""

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.similarity import condition_overlap
from annotator.splitting import NEAR, Double, Item, doubles, drawn, groups, highest_across

SHARES = {"train": 80, "dev": 10, "test": 10}
strata = st.lists(st.sampled_from("abc"), max_size=60)


def items_of(letters: list[str]) -> list[Item]:
    return [Item(f"q{number}", (letter,)) for number, letter in enumerate(letters)]


@given(strata, st.integers(0, 99))
def test_each_stratum_is_divided_by_the_shares_to_the_next_question(letters, seed):
    items = items_of(letters)
    found = drawn(items, range(len(items)), SHARES, seed)
    counts = Counter(zip(letters, found, strict=True))
    for letter, size in Counter(letters).items():
        assert all(abs(counts[letter, name] - share * size / 100) < 1 for name, share in SHARES.items())


@given(strata, st.integers(0, 99), st.randoms())
def test_the_same_seed_draws_the_same_in_any_order(letters, seed, random):
    items = items_of(letters)
    shuffled = random.sample(items, len(items))
    one = dict(zip(items, drawn(items, range(len(items)), SHARES, seed), strict=True))
    assert one == dict(zip(shuffled, drawn(shuffled, range(len(items)), SHARES, seed), strict=True))


def test_another_seed_draws_otherwise():
    items = items_of(["a"] * 40)
    assert drawn(items, range(40), SHARES, 1) != drawn(items, range(40), SHARES, 2)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(0, 9))
def test_a_group_stands_together(firsts, seed):
    group = [firsts.index(first) for first in firsts]
    found = drawn(items_of(["a"] * len(firsts)), group, SHARES, seed)
    assert all(found[place] == found[first] for place, first in enumerate(group))


@given(st.lists(st.sampled_from(["", "dev", "test"]), max_size=30), st.integers(0, 9))
def test_what_has_a_split_keeps_it(splits, seed):
    items = [Item(f"q{number}", fixed=split) for number, split in enumerate(splits)]
    found = drawn(items, range(len(items)), SHARES, seed)
    assert all(split == kept for split, kept in zip(found, splits, strict=True) if kept)


def test_new_ones_join_the_split_of_their_near_double():
    items = [Item("old", fixed="test"), Item("new"), Item("other")]
    assert drawn(items, [0, 0, 2], {"train": 100}, 1) == ["test", "test", "train"]


def test_near_doubles_are_found_and_belong_together_through_a_third():
    texts = ["Who won the football cup in 1999?", "Who won the football cup in 1998?", "What is a clock?"]
    pairs = list(doubles(texts))
    assert [(pair.first, pair.second) for pair in pairs if pair.likeness >= 0.7] == [(0, 1)]
    assert groups(4, [Double(0, 1, 0.9), Double(1, 3, 0.9), Double(2, 3, 0.5)]) == [0, 0, 2, 0]


words = st.sampled_from("who won the football cup in 1998 1999 women men river bridge".split())


@given(st.lists(st.lists(words, max_size=7).map(" ".join), max_size=12))
@example(["who", "who who"])  # nothing but stop words
def test_no_pair_that_is_alike_enough_is_missed(texts):
    found = {(pair.first, pair.second) for pair in doubles(texts) if pair.likeness >= NEAR}
    joined = groups(len(texts), list(doubles(texts)))
    for second in range(len(texts)):
        for first in range(second):
            if condition_overlap(texts[first], texts[second]) >= NEAR and texts[first].strip():
                assert (first, second) in found or joined[first] == joined[second]


def test_the_most_alike_across_splits_is_named():
    pairs = [Double(0, 1, 0.9), Double(0, 2, 0.6), Double(1, 2, 0.3)]
    assert highest_across(["dev", "dev", "test"], pairs) == pairs[1]
    assert highest_across(["dev", "dev", "dev"], pairs) is None


@pytest.mark.parametrize("texts", [[], ["Who is it?"], ["", ""]])
def test_little_to_compare_is_no_error(texts):
    assert len(groups(len(texts), list(doubles(texts)))) == len(texts)
