"""What only the engine on a real Elasticsearch can get wrong: versions behind an alias, resuming, refusals, swaps."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from retrieval.engines import EngineUnavailableError, Passage
from retrieval.engines.elastic import bulk, searching
from retrieval.engines.elastic.bulk import RefusedError
from retrieval.engines.elastic.engine import ElasticEngine
from retrieval.engines.elastic.layout import SETTINGS, operation
from tests.retrieval.sources import Passages, passages

FEW, MANY = passages(5), passages(50)


@pytest.fixture
def engine(elastic: Callable[[str], ElasticEngine]) -> ElasticEngine:
    """An engine that has indexed five passages."""
    engine = elastic("wiki")
    engine.rebuild(Passages(FEW))
    return engine


@pytest.fixture
def broken_off(engine: ElasticEngine, monkeypatch: pytest.MonkeyPatch) -> ElasticEngine:
    """An engine whose rebuild to fifty passages ended after some ten of them."""
    monkeypatch.setattr(bulk, "IN_REQUEST", 5)

    def breaks(page: int) -> None:
        if page == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(Passages(MANY, breaks))
    return engine


def settings_of(engine: ElasticEngine, alias: str) -> dict[str, Any]:
    (found,) = engine.loader.indices.get_settings(index=alias, flat_settings=True).body.values()
    return dict(found["settings"])


def written(engine: ElasticEngine) -> int:
    """Return how many documents were ever written to the index that is searched."""
    return int(engine.loader.indices.stats(index=engine.builds.live)["_all"]["primaries"]["indexing"]["index_total"])


def test_a_rebuild_puts_the_next_version_behind_the_alias_and_drops_the_old_one(engine):
    engine.rebuild(Passages(FEW))
    assert engine.builds.all() == [engine.builds.named("2")] == [engine.builds.behind(engine.builds.live)]
    assert engine.builds.behind(engine.builds.building) is None


def test_an_index_is_laid_out_as_was_measured(engine):
    found = settings_of(engine, engine.builds.live)
    assert (found["index.similarity.default.k1"], found["index.similarity.default.b"]) == ("0.9", "0.4")
    (laid,) = engine.loader.indices.get_mapping(index=engine.builds.live).body.values()
    assert laid["mappings"]["dynamic"] == "strict"
    assert laid["mappings"]["properties"]["title"]["search_analyzer"] == "question"


def test_refresh_and_replicas_rest_while_loading_and_are_restored(engine):
    seen: list[dict[str, Any]] = []
    engine.rebuild(Passages(FEW, lambda _page: seen.append(settings_of(engine, engine.builds.building))))
    assert (seen[0]["index.refresh_interval"], seen[0]["index.number_of_replicas"]) == ("-1", "0")
    after = settings_of(engine, engine.builds.live)
    assert ("index.refresh_interval" in after, after["index.auto_expand_replicas"]) == (False, "0-1")


def test_a_rebuild_that_fails_restores_them_too_and_leaves_the_old_index(broken_off):
    after = settings_of(broken_off, broken_off.builds.building)
    assert ("index.refresh_interval" in after, after["index.auto_expand_replicas"]) == (False, "0-1")
    assert len(broken_off.search("common", 50)) == 5


def test_a_rebuild_that_was_broken_off_goes_on_with_what_is_missing(broken_off):
    begun = broken_off.builds.behind(broken_off.builds.building)
    broken_off.rebuild(Passages(MANY))
    assert broken_off.builds.all() == [begun]
    assert (broken_off.info().count, written(broken_off)) == (50, 50)


@pytest.mark.parametrize("other", [MANY[1:], [Passage(1, "Title", "another text"), *MANY[1:]]])
def test_a_build_over_another_state_of_the_data_is_begun_anew(broken_off, other):
    broken_off.rebuild(Passages(other))
    assert (broken_off.info().count, len(broken_off.search("word1", 9))) == (len(other), 0)


def test_a_build_that_goes_beyond_the_data_is_begun_anew(broken_off):
    broken_off.rebuild(Passages(MANY[:2]))
    assert (broken_off.info().count, broken_off.info().last_id) == (2, 2)


def test_a_build_with_other_settings_is_begun_anew(broken_off, monkeypatch):
    others = {**SETTINGS, "k1": 1.2}
    monkeypatch.setattr("retrieval.engines.elastic.builds.SETTINGS", others)
    broken_off.rebuild(Passages(MANY))
    assert (broken_off.info().settings, broken_off.info().count, written(broken_off)) == (others, 50, 50)


def test_a_passage_that_is_stored_behind_a_build_is_found_by_its_count(engine):
    source = Passages(MANY[1:])

    def late(page: int) -> None:
        if page == 2 and MANY[0] not in source.passages:
            source.passages.insert(0, MANY[0])

    source.at_page = late
    engine.rebuild(source)
    assert (engine.info().count, len(engine.search("word1", 9))) == (50, 1)


def test_an_index_that_never_agrees_with_its_source_does_not_become_the_one_that_is_searched(engine):
    class OneMore(Passages):
        def count(self, last_id: int) -> int:
            return super().count(last_id) + 1

    with pytest.raises(EngineUnavailableError, match="holds 50 of 51 fragments after 3 rounds, so the old one stays"):
        engine.rebuild(OneMore(MANY))
    assert engine.info().count == 5


@pytest.mark.parametrize("when", range(5))
def test_two_rebuilds_at_once_fill_one_build(engine, elastic, when):
    other = elastic("wiki")
    engine.rebuild(Passages(MANY, lambda page: other.rebuild(Passages(MANY)) if page == when else None))
    assert (engine.info().count, engine.builds.all()) == (50, [engine.builds.named("2")])


def test_two_rebuilds_side_by_side_do_no_harm(engine, elastic):
    with ThreadPoolExecutor() as threads:
        rebuilding = [threads.submit(elastic("wiki").rebuild, Passages(MANY)) for _ in range(3)]
    assert [one.exception() for one in rebuilding] == [None] * 3
    assert (engine.info().count, len(engine.builds.all())) == (50, 1)


def test_searches_go_on_while_others_rebuild(engine, elastic):
    found: list[int] = []
    other = elastic("wiki")

    def search() -> None:
        while len(found) < 200 or len(rebuilt) < 4:
            found.append(len(other.search("common", 9)))
            found.extend(len(hits) for hits in other.search_many(["common", "common"], 9))

    rebuilt: list[int] = []
    searching_on = threading.Thread(target=search)
    searching_on.start()
    while searching_on.is_alive():
        engine.rebuild(Passages(FEW))
        rebuilt.append(len(found))
    assert set(found) == {5}


def test_many_searches_take_several_requests_over_one_state(engine, monkeypatch):
    monkeypatch.setattr(searching, "SEARCHES_IN_REQUEST", 2)
    queries = [f"word{number}" for number in range(1, 6)]
    assert [hits[0].fragment_id for hits in engine.search_many(queries, 3)] == [1, 2, 3, 4, 5]


def test_one_search_of_many_that_fails_fails_them_all(engine):
    with pytest.raises(EngineUnavailableError, match="answered 400"):
        engine.search_many(["common"], 10_001)
    with pytest.raises(EngineUnavailableError, match="answered 400"):
        engine.search("common", 10_001)


def test_a_long_question_is_searched(engine):
    assert (
        engine.search("word3 " + " ".join(f"long{number} question" for number in range(3_000)), 1)[0].fragment_id == 3
    )
    assert engine.search("日" * 9_000, 1) == []


def test_corpora_whose_slugs_differ_in_case_do_not_meet(engine, elastic):
    other = elastic("Wiki")
    other.rebuild(Passages(FEW[:1]))
    assert (engine.info().count, other.info().count) == (5, 1)
    assert set(engine.builds.all()) & set(other.builds.all()) == set()


def test_accents_and_letters_meet_their_plain_forms(engine):
    engine.add([Passage(9, "Łódź", "Die Straße nach Tromsø; Spain’s œuvre")])
    engine.commit()
    assert [len(engine.search(word, 9)) for word in ("lodz", "strasse", "tromso", "oeuvre", "spain", "Łódź")] == [1] * 6


def test_what_is_refused_is_named_and_all_else_is_written(engine, monkeypatch):
    plain = operation
    lines = b'{"index": {"_id": "7"}}\n{"id": 7, "colour": "red"}'
    monkeypatch.setattr(bulk, "operation", lambda number, passage: lines if number == 7 else plain(number, passage))
    engine.add([Passage(number, "Title", "late") for number in (6, 7, 8)])
    with pytest.raises(RefusedError, match=r"refused 1 fragment: fragment 7: .*introduction of \[colour\]") as caught:
        engine.commit()
    assert [one.number for one in caught.value.refused] == [7]
    engine.loader.indices.refresh(index=engine.builds.live)
    assert {hit.fragment_id for hit in engine.search("late", 9)} == {6, 8}


def test_a_build_of_which_some_is_refused_does_not_become_the_one_that_is_searched(engine, monkeypatch):
    monkeypatch.setattr(bulk, "operation", lambda number, _passage: b'{"index": {"_id": "%d"}}\n{"no": 1}' % number)
    with pytest.raises(RefusedError, match="refused 50 fragments: fragment 1 and 49 more: it "):
        engine.rebuild(Passages(MANY))
    assert len(engine.search("common", 9)) == 5


@pytest.mark.parametrize("block", ["read_only_allow_delete", "write"])
def test_an_index_that_may_not_be_written_says_so_is_searched_and_can_be_written_later(engine, block):
    engine.loader.indices.put_settings(index=engine.builds.live, settings={f"blocks.{block}": True})
    engine.add([Passage(6, "Title", "late")])
    with pytest.raises(EngineUnavailableError, match=r"lets nothing be written .* make room"):
        engine.commit()
    assert len(engine.search("common", 9)) == 5
    engine.loader.indices.put_settings(index=engine.builds.live, settings={f"blocks.{block}": None})
    engine.commit()
    assert len(engine.search("late", 9)) == 1


def test_a_build_whose_alias_goes_away_makes_no_index_of_its_own(engine, monkeypatch):
    monkeypatch.setattr(bulk, "IN_REQUEST", 5)
    with pytest.raises(EngineUnavailableError):
        engine.rebuild(Passages(MANY, lambda page: engine.builds.discard() if page == 2 else None))
    assert engine.builds.all() == [engine.builds.named("1")]
