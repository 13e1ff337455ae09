"""What every engine must do. Another engine joins by one line in ``ENGINES``."""

from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.engines import Engine, EngineUnavailableError, Passage
from retrieval.engines.embedded import EmbeddedEngine
from retrieval.engines.memory import MemoryEngine
from tests.retrieval.sources import Passages

# What a test asks for to get each engine: a function of the slug.
ENGINES = {"elasticsearch": "elastic", "embedded": "embedded", "memory": "memory"}
PASSAGES = [
    Passage(1, "FIFA World Cup", "Spain won in 2010."),
    Passage(2, "Soup", "Cups of soup are served hot in Spain."),
    Passage(3, "Beyoncé", "An American singer. 😀 日本"),
]


@pytest.fixture
def embedded(tmp_path: Path) -> Callable[[str], Engine]:
    return lambda slug: EmbeddedEngine(slug, tmp_path / "index")


@pytest.fixture
def memory() -> Callable[[str], Engine]:
    return MemoryEngine


@pytest.fixture(params=ENGINES)
def make(request) -> Callable[..., Engine]:
    """Return a function that gives the engine of a corpus."""
    engine_of: Callable[[str], Engine] = request.getfixturevalue(ENGINES[request.param])
    return lambda slug="wiki": engine_of(slug)


@pytest.fixture
def engine(make) -> Engine:
    """Return an engine that has indexed three passages."""
    engine: Engine = make()
    engine.add(PASSAGES)
    engine.commit()
    return engine


def ids(engine: Engine, query: str, k: int = 10) -> list[int]:
    return [hit.fragment_id for hit in engine.search(query, k)]


def test_a_word_of_the_text_finds_its_passage(engine):
    assert ids(engine, "singer") == [3]


def test_a_word_of_the_title_finds_its_passage(engine):
    assert ids(engine, "FIFA") == [1]


def test_any_word_may_match_and_more_words_rank_higher(engine):
    assert ids(engine, "Spain world") == [1, 2]


def test_words_meet_in_their_stem_whatever_their_case_and_accents(engine):
    assert set(ids(engine, "CUP serving")) == {1, 2}
    assert ids(engine, "beyonce") == [3]


def test_question_words_do_not_count_beside_others(engine):
    assert ids(engine, "what are singers") == [3]


def test_a_query_of_question_words_only_is_still_a_query(engine):
    assert ids(engine, "are") == [2]


@pytest.mark.parametrize("query", ["", "  ", "?!", "zebra", "AND (", 'title:"', "月"])
def test_a_query_that_matches_nothing_has_no_hits(engine, query):
    assert engine.search(query, 5) == []


def test_scores_fall_and_are_above_zero(engine):
    scores = [hit.score for hit in engine.search("Spain world cup", 5)]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_k_cuts_the_list(engine):
    assert ids(engine, "Spain", 1) == ids(engine, "Spain", 5)[:1]


def test_k_below_one_is_an_error(engine):
    with pytest.raises(ValueError, match="k must be"):
        engine.search("Spain", 0)


def test_equal_scores_come_in_the_order_of_ids_even_where_k_cuts_them(make):
    engine = make()
    for number in (7, 3, 9, 1, 5):
        engine.add([Passage(number, "Same", "the same words")])
        engine.commit()
    assert ids(engine, "same", 2) == [1, 3]
    assert ids(engine, "same") == [1, 3, 5, 7, 9]


def test_many_searches_are_as_one_by_one(engine):
    queries = ["Spain", "", "soup"]
    assert engine.search_many(queries, 3) == [engine.search(query, 3) for query in queries]


def test_nothing_is_seen_before_the_commit(engine):
    engine.add([Passage(4, "Zebra", "Striped.")])
    assert ids(engine, "zebra") == []
    engine.commit()
    assert ids(engine, "zebra") == [4]


def test_a_commit_is_seen_by_an_engine_that_has_searched_before(make, engine):
    other = make()
    assert ids(other, "zebra") == []
    engine.add([Passage(4, "Zebra", "Striped.")])
    engine.commit()
    assert ids(other, "zebra") == [4]


def test_adding_again_replaces(engine):
    engine.add([Passage(3, "Zebra", "Striped."), *PASSAGES[:2]])
    engine.commit()
    assert (ids(engine, "zebra"), ids(engine, "singer"), engine.info().count) == ([3], [], 3)


def test_deleting_takes_out_and_unknown_ids_do_no_harm(engine):
    engine.delete([1, 999])
    engine.commit()
    assert (ids(engine, "Spain"), engine.info().count) == ([2], 2)


def test_the_last_word_on_a_fragment_counts(engine):
    engine.delete([1])
    engine.add([PASSAGES[0]])
    engine.add([Passage(4, "Zebra", "Striped.")])
    engine.delete([4])
    engine.commit()
    assert (engine.info().count, ids(engine, "zebra")) == (3, [])


def test_info_tells_count_highest_id_and_settings(engine):
    info = engine.info()
    assert (info.count, info.last_id) == (3, 3)
    assert info.settings == engine.settings
    assert len(info.digest) == 12


def test_an_empty_index_is_no_missing_index(make):
    engine = make()
    engine.commit()
    assert (engine.search("Spain", 3), engine.info().count, engine.info().last_id) == ([], 0, 0)


def test_a_missing_index_says_how_to_build_it(make):
    with pytest.raises(EngineUnavailableError, match="reindex --corpus wiki"):
        make().search("Spain", 3)
    with pytest.raises(EngineUnavailableError, match="reindex --corpus wiki"):
        make().info()


def test_a_rebuild_replaces_everything_for_engines_at_work(make, engine):
    other = make()
    assert ids(other, "Spain") == [1, 2]
    engine.rebuild(Passages([Passage(8, "Spain", "A country.")]))
    assert (ids(other, "Spain"), ids(other, "soup")) == ([8], [])


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(engine):
    def breaks(page: int) -> None:
        if page == 1:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        engine.rebuild(Passages([Passage(number, "Spain", "A country.") for number in range(8, 28)], breaks))
    assert ids(engine, "Spain") == [1, 2]


def test_corpora_do_not_see_each_other(make, engine):
    other = make("news")
    other.add([Passage(1, "Spain", "News.")])
    other.commit()
    assert (len(engine.search("Spain", 9)), len(other.search("Spain", 9))) == (2, 1)
