"""What only the engine on disk can get wrong."""

import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from retrieval.engines import EngineUnavailableError, Passage
from retrieval.engines.embedded import EmbeddedEngine
from tests.retrieval.sources import Passages, passages

WRITER = """
import sys
from pathlib import Path
from retrieval.engines.embedded import EmbeddedEngine
from retrieval.engines.protocol import Passage
root, first = Path(sys.argv[1]), int(sys.argv[2])
for number in range(first, first + 10):
    engine = EmbeddedEngine("wiki", root)
    engine.add([Passage(number, "Title", f"word{number} common")])
    engine.commit()
"""


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    engine = EmbeddedEngine("wiki", tmp_path)
    engine.add(passages(5))
    engine.commit()
    return engine


def test_two_processes_write_to_one_index_and_nothing_is_lost(tmp_path):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, first]) for first in ("1", "101")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    engine = EmbeddedEngine("wiki", tmp_path)
    assert (engine.info().count, engine.info().last_id) == (20, 110)
    assert len(engine.search("common", 50)) == 20


def test_a_deleted_index_is_missing_even_to_those_who_had_it_open(engine):
    assert engine.search("common", 9)
    shutil.rmtree(engine.directory.home)
    with pytest.raises(EngineUnavailableError, match="has no search index"):
        engine.search("common", 9)


def test_a_damaged_index_says_how_to_rebuild_it_and_a_rebuild_does(engine):
    (engine.directory.path() / "meta.json").write_text("{}")
    with pytest.raises(EngineUnavailableError, match=r"cannot be read.*reindex --corpus wiki"):
        engine.search("common", 9)
    engine.rebuild(Passages([Passage(1, "Title", "common")]))
    assert len(engine.search("common", 9)) == 1


def test_a_rebuild_leaves_one_build_behind(engine):
    engine.rebuild(Passages([]))
    engine.rebuild(Passages([Passage(1, "Title", "common")]))
    assert {entry.name for entry in engine.directory.home.iterdir()} == {
        "current",
        "lock",
        engine.directory.path().name,
    }


def test_a_failed_commit_can_be_tried_again(engine):
    engine.add([Passage(7, "Title", "\ud800")])
    with pytest.raises(ValueError, match="unsupported"):
        engine.commit()
    engine.add([Passage(7, "Title", "mended")])
    engine.commit()
    assert (len(engine.search("mended", 9)), engine.info().count) == (1, 6)


def full(*_of: object) -> None:
    """Fail as tantivy does where the disk is full."""
    raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")


def test_a_rebuild_on_a_full_disk_says_so_and_leaves_the_old_index_alone(engine, monkeypatch):
    before = set(engine.directory.home.iterdir())
    monkeypatch.setattr(sys.modules[EmbeddedEngine.__module__], "write", full)
    with pytest.raises(EngineUnavailableError, match="the disk is full"):
        engine.rebuild(Passages([]))
    assert set(engine.directory.home.iterdir()) == before
    engine.add([Passage(7, "Title", "seven")])
    with pytest.raises(EngineUnavailableError, match="the disk is full"):
        engine.commit()
    assert len(engine.search("common", 9)) == 5


def test_a_commit_that_cannot_be_written_gives_back_the_room_that_it_took(engine):
    before = sorted(engine.directory.path().glob("*.*"))
    engine.add(Passage(number, "Title", f"word{number}") for number in range(7, 10_000))
    _, most = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, most))
    try:
        with pytest.raises(ValueError, match=r"File too large|io::Error"):
            engine.commit()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(engine.directory.path().glob("*.*")) == before
    assert engine.info().count == 5


def test_a_rebuild_that_is_stopped_leaves_no_half_build(engine, monkeypatch):
    def stopped(*_of: object) -> None:
        raise KeyboardInterrupt

    before = set(engine.directory.home.iterdir())
    monkeypatch.setattr(sys.modules[EmbeddedEngine.__module__], "write", stopped)
    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(Passages([]))
    assert set(engine.directory.home.iterdir()) == before


def test_searches_go_on_while_others_write_and_rebuild(engine):
    found: list[int] = []
    searching = threading.Thread(target=lambda: found.extend(len(engine.search("common", 9)) for _ in range(300)))
    searching.start()
    other = EmbeddedEngine("wiki", engine.directory.home.parent)
    while searching.is_alive():
        other.rebuild(Passages(passages(5)))
        other.add([Passage(1, "Title", "common again")])
        other.commit()
    assert (len(found), set(found)) == (300, {5})
