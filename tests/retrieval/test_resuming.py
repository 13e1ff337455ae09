"""Loads that are broken off: killed, refused by a damaged file, stopped. Nothing is lost, nothing is stored twice."""

import os
import signal
import subprocess
import sys
import time
from itertools import accumulate
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from bench.synthetic_dumps import articles, write
from retrieval import checkpoints
from retrieval.corpora import CorpusError, read_corpus
from retrieval.engines import engine_for
from retrieval.loading import load_corpus
from retrieval.models import Checkpoint, Corpus
from tests.annotator.test_claimers import database_url
from tests.config.killing import KILLS
from tests.config.test_serve import PATIENCE


def digests(corpus: Corpus) -> set[str]:
    return set(corpus.fragments.values_list("sha256", flat=True))


def expected(path: Path) -> set[str]:
    return {fragment.sha256 for step in read_corpus(path) for fragment in step.fragments}


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(checkpoints, "ROWS_IN_TRANSACTION", 50)


def loading(path: Path, var: Path) -> subprocess.Popen[bytes]:
    """Begin to load a file in a process of its own."""
    environment = os.environ | {"DATABASE_URL": database_url(), "PROVISO_VAR": str(var)}
    environment |= {"SECRET_KEY": settings.SECRET_KEY, "SITE_URL": settings.SITE_URL}
    command = [sys.executable, "manage.py", "load_corpus", str(path), "--corpus", "killed"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)


def reached() -> int:
    """Return how many records of the file have been acknowledged."""
    place = Checkpoint.objects.filter(corpus__slug="killed").values_list("place", flat=True).first()
    return place["record"] if place else 0


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_load_that_is_killed_keeps_what_it_acknowledged_and_goes_on_from_there(tmp_path: Path) -> None:
    path, chance = write(tmp_path / "d.json.gz", articles(1_500 * KILLS)), Random(KILLS)  # noqa: S311 - repeatable
    stored = list(accumulate((len(step.fragments) for step in read_corpus(path)), initial=0))
    for _ in range(KILLS):
        before, process = reached(), loading(path, tmp_path)
        deadline = time.monotonic() + PATIENCE
        while reached() == before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(chance.uniform(0.001, 0.05))
        os.kill(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
        assert reached() > before
        assert Corpus.objects.get(slug="killed").fragments.count() == stored[reached() // 2]
    passed = reached()
    loaded = load_corpus(path, "killed")
    assert (loaded.passed, loaded.new, loaded.known) == (passed, stored[-1] - stored[passed // 2], 0)
    assert digests(loaded.corpus) == expected(path)
    assert engine_for(loaded.corpus).info().count == len(expected(path))
    assert load_corpus(path, "killed").new == 0


@pytest.mark.parametrize("name", ["d.xml.bz2", "d.json.gz", "d.jsonl", "d.parquet"])
def test_a_load_goes_on_after_what_was_acknowledged(db, tmp_path, small_batches, name):
    path = write(tmp_path / name, articles(60))

    def stop(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_corpus(path, "wiki", progress=stop)
    corpus = Corpus.objects.get(slug="wiki")
    first = corpus.fragments.count()
    assert first >= 50
    loaded = load_corpus(path, "wiki")
    assert loaded.passed > 0
    assert (loaded.new, loaded.known) == (corpus.fragments.count() - first, 0)
    assert digests(corpus) == expected(path)
    assert not Checkpoint.objects.exists()


def test_a_damaged_dump_keeps_what_stands_before_and_goes_on_once_it_is_whole(db, tmp_path, small_batches, monkeypatch):
    monkeypatch.setattr(checkpoints, "MOST_AHEAD", 1_000)  # as if the file were large
    path = write(tmp_path / "d.xml.bz2", articles(130))
    whole, last = path.read_bytes(), list(read_corpus(path))[-1].place.entry
    path.write_bytes(whole[: last + 2_000] + b"\0\0\0\0" + whole[last + 2_004 :])
    with pytest.raises(CorpusError, match=r"d\.xml\.bz2: after page 100: cannot be unpacked: .* before it stored"):
        load_corpus(path, "wiki")
    path.write_bytes(whole)
    assert load_corpus(path, "wiki").passed == 100
    assert digests(Corpus.objects.get(slug="wiki")) == expected(path)


def test_another_file_of_the_same_name_is_read_from_its_start(db, tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text('{"title": "a", "text": "b"}\n[]\n')
    with pytest.raises(CorpusError):
        load_corpus(path, "wiki")
    path.write_text('{"title": "A", "text": "B"}\n{"title": "c", "text": "d"}\n')
    assert (load_corpus(path, "wiki").new, load_corpus(path, "wiki").known) == (2, 2)


def test_stopping_a_load_says_that_the_command_goes_on(db, tmp_path, monkeypatch):
    def stopped(*_of: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("retrieval.management.commands.load_corpus.load_corpus", stopped)
    with pytest.raises(CommandError, match="Stopped; what was read is stored, and the same command goes on"):
        call_command("load_corpus", tmp_path / "some.jsonl", "--corpus", "wiki")
