"""Measures, by numbers that can be checked with a pencil: the exact judge says 1 or 0."""

from collections.abc import Hashable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.alignment import Compared
from annotator.record import Citation, Condition, Role
from annotator.similarity import even
from scoring.judges import judges
from scoring.measures import figures, measured, measures
from scoring.pairing import PAIRINGS
from scoring.scored import Part, Reply, Scored, Target, Whole, score

TEXTS: dict[Hashable, str] = {
    "a": "Spain World Cup. Spain’s men won in 2010, in South Africa.",
    "b": "Women. Spain’s women won in 2023.",
    "c": "Soup. A cup of soup.",
}


def part(text: str, *answers: str | tuple[str, ...], cited: str = "", by_role: Any = None) -> Part:
    wordings = tuple((one,) if isinstance(one, str) else one for one in answers)
    return Part(Compared(text, wordings), frozenset(cited), by_role, len(cited))


MEN = part("the men’s football team", "2010", cited="a")
WOMEN = part("the women’s football team", "2023", cited="b")


def scored(
    gold: tuple[Part, ...],
    said: tuple[Part, ...] | None,
    *,
    cites: bool = True,
    conditional: bool = True,
    judge: str = "exact",
    pairing: str = "optimal",
) -> Scored:
    reply = Reply(Whole(said or ()), said is not None, cites, conditional)
    asked = [(Target("When did Spain win the World Cup?", (Whole(gold),), TEXTS), reply)]
    return score(asked, judges()[judge](even), PAIRINGS[pairing], even)[0]


def of(gold: tuple[Part, ...], said: tuple[Part, ...] | None, **values: Any) -> dict[str, float | None]:
    return measured(scored(gold, said, **values))


def test_a_prediction_that_says_what_gold_says_has_it_all():
    found = of((MEN, WOMEN), (WOMEN, MEN))
    one = {"answer_f1", "condition_f1", "citation_f1", "count_exact", "entity_retention", "word_recall", "str_em"}
    assert {name: found[name] for name in one} == dict.fromkeys(one, 1.0)


def test_of_several_wordings_of_an_answer_the_one_that_was_said_counts():
    gold = (part("the winner in 2010", ("United States of America", "USA", "the team of 2010")),)
    found = of(gold, (part("the winner in 2010", "USA"),))
    assert [found[name] for name in ("answer_f1", "entity_retention", "word_recall")] == [1, 1, 1]
    assert of(gold, None)["word_recall"] == 0


def test_an_answer_stands_in_one_of_the_system_s_not_across_two():
    gold, said = (part("", "New York"),), (part("", "Brand New"), part("", "York Minster"))
    assert of(gold, said)["str_em"] == 0


def test_in_what_order_equal_references_stand_decides_nothing():
    cited = [Whole((part("men", "2010", cited=fragment),)) for fragment in "ab"]
    reply = Reply(Whole((part("men", "2010", cited="a"),)))
    both = [
        score([(Target("When?", tuple(order), TEXTS), reply)], judges()["exact"](even), PAIRINGS["optimal"], even)[0]
        for order in (cited, cited[::-1])
    ]
    assert measured(both[0]) == measured(both[1])


def test_of_a_system_that_never_says_a_condition_nothing_is_said_of_its_conditions():
    found = of((MEN,), (part("", "2010", cited="a"),), conditional=False)
    assert [found[f"condition_{name}"] for name in ("f1", "precision", "recall")] == [None, None, None]
    assert (found["answer_f1"], found["citation_f1"], found["count_exact"]) == (1, 1, 1)


def test_what_is_missed_and_what_is_extra_both_count():
    # one pair of 2 in gold and 3 predicted: P 1/3, R 1/2, F1 2/5
    found = of((MEN, WOMEN), (MEN, part("basketball", "1950"), part("hockey", "1970")))
    assert (found["answer_precision"], found["answer_recall"]) == pytest.approx((1 / 3, 1 / 2))
    assert found["answer_f1"] == pytest.approx(2 / 5)
    assert (found["count_exact"], found["count_bias"], found["count_difference"]) == (0, 1, 1)


def test_no_reply_is_nought_and_counts():
    found = of((MEN,), None)
    assert [found[name] for name in ("answer_f1", "condition_f1", "citation_f1", "count_exact", "replied")] == [0] * 5
    assert found["over_conservative"] == 1


def test_nothing_said_where_there_is_nothing_to_say_is_right():
    found = of((), ())
    assert [found[name] for name in ("answer_f1", "citation_f1", "count_exact", "prudence")] == [1, 1, 1, 1]
    assert found["over_conservative"] is None


def test_no_reply_is_no_prudence():
    found = of((), None)
    assert (found["prudence"], found["answer_f1"]) == (0, 0)


def test_something_said_where_there_is_nothing_to_say_is_wrong():
    found = of((), (MEN,))
    assert (found["prudence"], found["answer_f1"], found["count_exact"]) == (0, 0, 0)


def test_citations_are_sets_of_fragments():
    # {a, b} and {a, c}: P 1/2, R 1/2; the other pair cites the same; over two pairs of two and two
    gold = (part(MEN.said.text, "2010", cited="ab"), WOMEN)
    found = of(gold, (part(MEN.said.text, "2010", cited="ac"), WOMEN))
    assert found["citation_f1"] == pytest.approx((0.5 + 1) / 2)


def test_who_cites_nothing_gets_nought_unless_that_is_known_beforehand():
    bare = part(MEN.said.text, "2010")
    assert of((MEN,), (bare,))["citation_f1"] == 0
    assert of((MEN,), (bare,), cites=False)["citation_f1"] is None


def test_who_cites_nothing_gets_nothing_where_gold_cites_nothing_either():
    bare = part(MEN.said.text, "2010")
    assert of((bare,), (bare,))["citation_f1"] == 0


def test_roles_count_where_both_sides_state_them():
    def cited(*roles: Role) -> Part:
        citations = tuple(Citation(rank=1, role=role) for role in roles)
        return Part.of(Condition(text=MEN.said.text, citations=citations), {(False, 1): "a"})

    assert of((cited(Role.BOTH),), (cited(Role.ANSWER),))["citation_f1"] == pytest.approx(2 / 3)
    assert of((cited(Role.BOTH),), (cited(Role.UNSTATED),))["citation_f1"] == 1


def test_what_names_no_fragment_of_the_list_is_counted_and_left_out():
    citations = (Citation(rank=1), Citation(title="Fragment 750"), Citation(rank=1, supplementary=True))
    found = Part.of(Condition(text="x", citations=citations), {(False, 1): "a", (True, 1): "b"})
    assert (found.cited, found.citations, found.left_out) == (frozenset("a"), 3, 2)


def test_several_answers_are_a_set():
    # gold 2006 and 2019, said 2019: F1 2/3
    gold, said = part("basketball", "2006", "2019"), part("basketball", "2019")
    assert of((gold,), (said,))["answer_f1"] == pytest.approx(2 / 3)


def test_another_wording_is_as_good():
    assert of((part("x", ("2010", "11 July 2010")),), (part("x", "11 July 2010"),))["answer_f1"] == 1


def test_entities_and_words_of_a_missed_condition_are_lost():
    gold = (part(MEN.said.text, "Madrid in 2010"), part(WOMEN.said.text, "Sydney"))
    found = of(gold, (part(MEN.said.text, "Madrid"),))
    assert found["entity_retention"] == pytest.approx((1 / 2 + 0) / 2)
    assert found["word_recall"] == pytest.approx((1 / 2 + 0) / 2)


def test_k_precision_looks_into_the_cited_fragments_alone():
    said = (part("x", "Spain won in 1950", cited="a"), part("y", "Madrid"))
    assert of((MEN,), said)["k_precision"] == pytest.approx(2 / 3)  # spain, won; not 1950
    assert of((MEN,), (part("y", "Madrid"),))["k_precision"] is None


def test_the_nearest_sentence_of_a_cited_fragment_counts():
    said = (part("x", "A cup of soup.", cited="c"),)
    assert of((MEN,), said)["cited_overlap"] == 1


def test_str_em_finds_an_alias_anywhere():
    gold = (part("x", ("2010", "MMX")), part("y", "Sydney"))
    assert of(gold, (part("z", "It was in mmx."),))["str_em"] == 0.5


def test_f1_answer_counts_the_same_answers_alone():
    # predicted 2010 and 1950, gold 2010 and 2023: P 1/2, R 1/2
    assert of((MEN, WOMEN), (part("p", "2010"), part("q", "1950")))["f1_answer"] == 0.5


def test_of_several_references_the_best_counts():
    target = Target("?", (Whole((MEN,)), Whole((WOMEN,))), TEXTS)
    found = score([(target, Reply(Whole((WOMEN,))))], judges()["exact"](even), PAIRINGS["optimal"], even)[0]
    assert found.gold == Whole((WOMEN,))
    assert measured(found)["answer_f1"] == 1


def test_a_pair_without_a_verdict_leaves_the_figure_unknown():
    class Silent:
        name = version = "silent"

        def judge(self, couples: Any) -> list[float | None]:
            return [None for _couple in couples]

    asked = [(Target("?", (Whole((MEN,)),), TEXTS), Reply(Whole((part(MEN.said.text, "in July 2010", cited="a"),))))]
    found = measured(score(asked, Silent(), PAIRINGS["positional"], even)[0])
    assert (found["answer_f1"], found["citation_f1"]) == (None, 1)


def test_every_measure_gives_every_figure_that_it_names():
    found = of((MEN,), (MEN,))
    assert list(found) == list(figures())
    for one in measures():
        assert set(one.measured(scored((MEN,), (WOMEN,)))) == set(one.FIGURES)
    assert len(figures()) == sum(len(one.FIGURES) for one in measures())


# Properties

TEXT = st.sampled_from(["men", "women", "men’s team", "2010", "2023", "", "サッカー", "x" * 30])
PART = st.builds(
    lambda text, answer, cited: part(text, answer, cited=cited), TEXT, TEXT, st.sampled_from(["", "a", "ab"])
)
SIDE = st.lists(PART, max_size=4).map(tuple)


@given(gold=SIDE, said=SIDE, judge=st.sampled_from(sorted(judges())), data=st.data())
def test_the_order_of_either_side_changes_nothing(gold, said, judge, data):
    mixed = (tuple(data.draw(st.permutations(gold))), tuple(data.draw(st.permutations(said))))
    assert of(gold, said, judge=judge) == pytest.approx(of(*mixed, judge=judge), nan_ok=True)


@given(gold=SIDE, said=SIDE, judge=st.sampled_from(sorted(judges())))
def test_swapping_the_sides_swaps_precision_and_recall(gold, said, judge):
    one, other = of(gold, said, judge=judge), of(said, gold, judge=judge)
    for what in ("answer", "condition", "citation"):
        assert one[f"{what}_f1"] == pytest.approx(other[f"{what}_f1"])
        assert one[f"{what}_precision"] == pytest.approx(other[f"{what}_recall"])


@given(gold=SIDE, said=SIDE, judge=st.sampled_from(sorted(judges())))
def test_shares_lie_between_0_and_1(gold, said, judge):
    found = of(gold, said, judge=judge)
    assert all(0 <= value <= 1 for name, value in found.items() if value is not None and "count_" not in name)


@given(gold=st.lists(PART, min_size=1, max_size=3).map(tuple))
def test_saying_a_condition_twice_never_pays(gold):
    assert of(gold, (*gold, gold[0]))["answer_f1"] <= of(gold, gold)["answer_f1"] + 1e-9


# Alignments


def test_by_position_the_first_goes_with_the_first():
    found = scored((MEN, WOMEN), (WOMEN, MEN), pairing="positional")
    assert [(pair.first, pair.second) for pair in found.pairs] == [(0, 0), (1, 1)]


def test_greedily_the_first_prediction_chooses_first():
    # The first prediction takes what suits the second much better: similarities [.60, .55], [.58, .10].
    from scoring.pairing import greedy, optimal

    gold = [Compared("", (("won in 2010",),)), Compared("", (("won in 2023",),))]
    said = [Compared("", (("won in 2010 or 2023",),)), Compared("", (("won in 2010",),))]
    assert [(pair.first, pair.second) for pair in optimal(gold, said, "", even)] == [(0, 1), (1, 0)]
    first = next(pair for pair in greedy(gold, said, "", even) if pair.second == 0)
    assert first.score == max(pair.score for pair in greedy(gold, said[:1], "", even))
