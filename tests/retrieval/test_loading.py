"""Corpus files into the database and its index, by verb and by command."""

import gzip
import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from retrieval.corpora import CorpusError
from retrieval.engines import engine_for
from retrieval.engines.elastic.layout import SETTINGS
from retrieval.fragments import NewFragment, store_fragments
from retrieval.loading import Rows, load_corpus, rebuild_index, update_index
from retrieval.models import Corpus
from retrieval.progress import silent
from tests.config.test_serve import free_port


@pytest.fixture
def file(tmp_path, texts):
    """A corpus file of three fragments, one of them twice."""
    path = tmp_path / "some.jsonl"
    path.write_text("".join(json.dumps({"title": one.title, "text": one.text}) + "\n" for one in [*texts, texts[0]]))
    return path


@pytest.fixture
def loaded(corpus, file) -> Corpus:
    return load_corpus(file, "wiki").corpus


def run(*arguments) -> str:
    """Run a command and return what it prints."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def found(corpus: Corpus, query: str = "Spain") -> list[str]:
    ids = [hit.fragment_id for hit in engine_for(corpus).search(query, 10)]
    return [corpus.fragments.get(pk=pk).title for pk in ids]


def test_a_load_stores_and_indexes(corpus, file):
    loaded = load_corpus(file, "wiki")
    assert (loaded.corpus, loaded.new, loaded.known) == (corpus, 3, 1)
    assert sorted(found(corpus)) == ["EuroBasket", "FIFA World Cup"]


def test_a_load_repeated_changes_nothing(loaded, file):
    info = engine_for(loaded).info()
    again = load_corpus(file, "wiki")
    assert (again.new, again.known, loaded.fragments.count()) == (0, 4, 3)
    assert engine_for(loaded).info() == info


def test_a_corpus_is_made_and_described(db, file):
    load_corpus(file, "fresh", {"licence": "CC BY-SA 4.0"})
    load_corpus(file, "fresh", {"name": "Fresh"})
    corpus = Corpus.objects.get(slug="fresh")
    assert (corpus.name, corpus.licence) == ("Fresh", "CC BY-SA 4.0")


def test_a_file_with_a_fault_keeps_what_stands_before_it_and_goes_on_once_it_is_mended(db, file):
    whole = file.read_text()
    file.write_text(whole + '{"title": "a"}\n')
    for said in ("4 fragments before it stored, from", "0 fragments before it stored after the 4 records of earlier l"):
        with pytest.raises(CorpusError, match=rf"some\.jsonl: line 5: text: is missing; {said}"):
            load_corpus(file, "fresh")
    file.write_text(whole + '{"title": "a", "text": "b"}\n')
    loaded = load_corpus(file, "fresh")
    assert (loaded.new, loaded.known, loaded.passed) == (1, 0, 4)
    assert engine_for(loaded.corpus).info().count == 4


def test_a_file_that_is_wrong_from_its_first_record_makes_no_corpus(db, file):
    file.write_text('{"title": "a"}\n' + file.read_text())
    with pytest.raises(CorpusError, match=r"some\.jsonl: line 1: text: is missing$"):
        load_corpus(file, "fresh")
    assert not Corpus.objects.filter(slug="fresh").exists()


def test_more_fragments_than_a_page_are_all_indexed(corpus):
    store_fragments(corpus, [NewFragment("T", f"same {number}") for number in range(2_001)])
    update_index(corpus)
    assert engine_for(corpus).info().count == 2_001


def test_progress_tells_of_reading_and_indexing(corpus, file):
    told = []
    load_corpus(file, "wiki", progress=lambda *now: told.append(now))
    size = file.stat().st_size
    assert told == [("bytes read", size, size), ("indexed", 3, 3)]


def test_progress_may_stop_the_work_and_the_next_load_ends_it(corpus, file):
    def stop(what: str, _done: int, _total: int) -> None:
        if what == "bytes read":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_corpus(file, "wiki", progress=stop)
    assert corpus.fragments.count() == 3
    load_corpus(file, "wiki")
    assert len(found(corpus)) == 2


def test_the_next_load_brings_a_deleted_index_back(loaded, file, var):
    shutil.rmtree(var / "index")
    load_corpus(file, "wiki")
    assert len(found(loaded)) == 2


def test_an_index_that_lost_a_fragment_is_rebuilt(loaded):
    engine = engine_for(loaded)
    engine.delete([loaded.fragments.earliest("id").pk])
    engine.commit()
    update_index(loaded)
    assert len(found(loaded)) == 2


def test_fragments_that_an_importer_stored_are_indexed_alone(loaded):
    store_fragments(loaded, [NewFragment("Spain", "A country.")])
    update_index(loaded)
    assert len(found(loaded)) == 3


def test_a_rebuilt_index_gives_the_same_hits(loaded):
    before = engine_for(loaded).search("Spain world cup", 10)
    assert rebuild_index(loaded) == 3
    assert engine_for(loaded).search("Spain world cup", 10) == before


def test_the_memory_engine_is_loaded_the_same_way(corpus, file, settings):
    settings.SEARCH_ENGINE = "memory"
    load_corpus(file, "wiki")
    assert sorted(found(corpus)) == ["EuroBasket", "FIFA World Cup"]


@pytest.fixture(params=["embedded", "on_elasticsearch"])
def either(request) -> None:
    """Each engine that a site may have."""
    if request.param != "embedded":
        request.getfixturevalue(request.param)


def test_either_engine_is_loaded_added_to_and_rebuilt(corpus, file, either):
    load_corpus(file, "wiki")
    store_fragments(corpus, [NewFragment("Spain", "A country.")])
    with pytest.raises(CommandError, match=r"wiki: 3 of 4 fragments indexed, settings \w{12}; run: .*reindex --corpus"):
        run("reindex", "--corpus", "wiki", "--check")
    update_index(corpus)
    assert run("reindex", "--corpus", "wiki", "--check").startswith("wiki: 4 of 4 fragments indexed, settings ")
    assert run("reindex", "--corpus", "wiki") == "wiki: 4 fragments indexed\n"
    assert len(found(corpus)) == 3


def test_what_is_stored_while_an_index_is_built_is_in_it(corpus, either):
    late = [NewFragment("Spain", f"Number {number}.") for number in range(5)]
    store_fragments(corpus, [NewFragment("Spain", "A country.")])

    def stores(_what: str, _done: int, _total: int) -> None:
        if late:
            store_fragments(corpus, [late.pop()])

    assert rebuild_index(corpus, stores) == 6
    assert len(engine_for(corpus).search("Spain", 20)) == 6


def test_an_index_with_other_settings_is_behind_and_the_next_load_rebuilds_it(corpus, file, on_elasticsearch):
    load_corpus(file, "wiki")
    with pytest.MonkeyPatch.context() as another_version:
        another_version.setattr("retrieval.engines.elastic.builds.SETTINGS", {**SETTINGS, "k1": 1.2})
        engine_for(corpus).rebuild(Rows(corpus, silent))
    with pytest.raises(CommandError, match="where others are used now"):
        run("reindex", "--corpus", "wiki", "--check")
    load_corpus(file, "wiki")
    assert "3 of 3" in run("reindex", "--corpus", "wiki", "--check")


def test_an_engine_that_is_down_leaves_the_rows_and_says_so(db, file, settings, monkeypatch):
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", f"http://127.0.0.1:{free_port()}"
    with pytest.raises(CommandError, match=r"4 fragments stored, and not all indexed: Elasticsearch at .* cannot be"):
        run("load_corpus", file, "--corpus", "fresh")
    monkeypatch.setattr("retrieval.loading.read_corpus", None)  # nor is it read again to learn the same
    with pytest.raises(
        CommandError, match=r"the file is stored, and not all of it indexed: Elasticsearch at .* cannot"
    ):
        run("load_corpus", file, "--corpus", "fresh")
    assert Corpus.objects.get(slug="fresh").fragments.count() == 3
    for check in ([], ["--check"]):
        with pytest.raises(CommandError, match="cannot be reached"):
            run("reindex", "--corpus", "fresh", *check)


def test_load_corpus_prints_its_result_and_no_progress_into_a_pipe(db, file, capsys):
    about = ("--name", "Fresh", "--snapshot-date", "2024-05-06", "--licence", "CC0", "--source", "https://a.example")
    assert run("load_corpus", file, "--corpus", "fresh", *about) == "fresh: 3 new, 1 already there\n"
    assert run("load_corpus", file, "--corpus", "fresh") == "fresh: 0 new, 4 already there\n"
    assert str(Corpus.objects.get(slug="fresh").snapshot_date) == "2024-05-06"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--corpus", "no slug"), "slug: "),
        (("--corpus", "fresh", "--snapshot-date", "May"), "snapshot_date: "),
        (("--corpus", "fresh", "--name", ""), "name: "),
    ],
)
def test_load_corpus_names_a_wrong_field(db, file, arguments, message):
    with pytest.raises(CommandError, match=message):
        run("load_corpus", file, *arguments)
    assert not Corpus.objects.filter(slug__in=["fresh", "no slug"]).exists()


def test_load_corpus_names_the_place_in_a_wrong_file(db, file):
    file.write_text("[]")
    with pytest.raises(CommandError, match=r"some\.jsonl: line 1: must be a JSON object"):
        run("load_corpus", file, "--corpus", "fresh")


def test_load_corpus_takes_a_packed_table_and_names_one_that_is_cut_off(db, tmp_path):
    rows = "".join(f"{number}\tText {number}\tTitle\n" for number in range(5000))
    path = tmp_path / "psgs.tsv.gz"
    path.write_bytes(whole := gzip.compress(b"id\ttext\ttitle\n" + rows.encode()))
    assert run("load_corpus", path, "--corpus", "dpr") == "dpr: 5,000 new, 0 already there\n"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match=r"psgs\.tsv\.gz: after line .*: cannot be unpacked: .*stored, from"):
        run("load_corpus", path, "--corpus", "half")
    stored = Corpus.objects.get(slug="half").fragments.count()
    path.write_bytes(whole)
    said = f"half: {5_000 - stored:,} new, 0 already there, after {stored + 1:,} records loaded before\n"
    assert run("load_corpus", path, "--corpus", "half") == said


def test_reindex_brings_a_deleted_index_back(loaded, var):
    shutil.rmtree(var / "index")
    assert run("reindex", "--corpus", "wiki") == "wiki: 3 fragments indexed\n"
    assert len(found(loaded)) == 2


def test_reindex_of_no_corpus_is_an_error(db):
    with pytest.raises(CommandError, match="There is no corpus “nowhere”"):
        run("reindex", "--corpus", "nowhere")


@pytest.mark.parametrize(
    "error", [OperationalError("database or disk is full"), OSError(28, "No space left on device")]
)
def test_a_full_disk_is_said_by_the_command(db, file, monkeypatch, error):
    def full(*_of):
        raise error

    monkeypatch.setattr("retrieval.loading.store_batch", full)
    with pytest.raises(CommandError, match=r"The disk is full; what was read is stored"):
        run("load_corpus", file, "--corpus", "wiki")
