"""Elasticsearch, or who writes to it, killed in the middle: what was acknowledged is there, a rebuild goes on."""

import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.utils import timezone

from annotator.models import Job
from retrieval.engines import EngineUnavailableError, Passage
from retrieval.engines.elastic import bulk
from retrieval.engines.elastic.client import Address
from retrieval.engines.elastic.engine import ElasticEngine
from retrieval.engines.elastic.filling import lacking
from tests.annotator.test_claimers import database_url
from tests.config.killing import KILLS
from tests.config.test_serve import PATIENCE, eventually
from tests.config.works import done_and_whole, indexing, loading, run_job, turns
from tests.retrieval.sources import Passages, passages

UNDER_JOBS = KILLS // 2
SOME = 300
SLOWLY = """
import sys, time
from retrieval.engines.elastic import bulk
from retrieval.engines.elastic.client import Address
from retrieval.engines.elastic.engine import ElasticEngine
from tests.retrieval.sources import Passages, passages
bulk.IN_REQUEST = 10
def at_page(number):
    print(number, flush=True)
    time.sleep(0.05)
ElasticEngine("wiki", Address(sys.argv[1], prefix=sys.argv[2])).rebuild(Passages(passages(300), at_page))
"""


@pytest.fixture
def chance() -> Random:
    return Random(KILLS)  # noqa: S311 - a course that can be repeated


def missing(engine: ElasticEngine, due: list[Passage]) -> list[int]:
    """Return the ids of passages that the index lacks; it holds nothing else."""
    return [number for number, _ in lacking(engine.loader, engine.builds.live, Passages(due))]


def index(engine: ElasticEngine, noted: list[Passage], over: threading.Event) -> int:
    """Commit twenty passages after the other until it is over, and return how many were acknowledged."""
    acknowledged = 0
    while not over.is_set():
        more = passages(20, first=len(noted) + 1)
        noted += more
        engine.add(more)
        try:
            engine.commit()
            acknowledged = len(noted)
            time.sleep(0.05)
        except EngineUnavailableError:
            time.sleep(0.1)
    return acknowledged


def reindex(engine: ElasticEngine, due: list[Passage]) -> None:
    """Rebuild slowly, as often as it takes."""
    while True:
        try:
            engine.rebuild(Passages(due, lambda _page: time.sleep(0.05)))
            return
        except EngineUnavailableError:
            time.sleep(0.1)


def test_a_node_that_is_killed_while_it_indexes_and_reindexes_loses_nothing(node, chance, monkeypatch):
    monkeypatch.setattr(bulk, "IN_REQUEST", 10)
    growing, rebuilt = (ElasticEngine(slug, Address(node.url)) for slug in ("growing", "rebuilt"))
    noted: list[Passage] = []
    for engine in (growing, rebuilt):
        engine.rebuild(Passages([]))
    for kill in range(1, KILLS - UNDER_JOBS + 1):
        due, over = passages(SOME + kill), threading.Event()
        with ThreadPoolExecutor() as threads:
            indexing = threads.submit(index, growing, noted, over)
            reindexing = threads.submit(reindex, rebuilt, due)
            time.sleep(chance.uniform(0.2, 1.5))
            node.kill()
            node.start()
            over.set()
            reindexing.result()
        assert growing.info().count >= indexing.result() > 0
        assert (missing(rebuilt, due), len(rebuilt.builds.all())) == ([], 1)
    growing.commit()
    assert missing(growing, noted) == []


@pytest.mark.alike
@pytest.mark.django_db(transaction=True)
def test_a_job_goes_on_where_it_was_once_a_node_that_is_killed_is_back(node, mo, chance, settings):
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", node.url
    for turn, work_of in turns(loading, indexing, of=range(UNDER_JOBS)):
        work = work_of(mo, turn)
        builds = ElasticEngine(work.job.arguments["corpus"], Address(node.url)).builds
        running = run_job(work.job, database_url(), ELASTICSEARCH_URL=node.url)
        assert eventually(lambda: builds.behind(builds.building) is not None)  # noqa: B023 - asked before the next turn
        time.sleep(chance.uniform(0, 0.5))
        node.kill()
        node.start()
        running.wait(PATIENCE)
        while Job.objects.filter(pk=work.job.pk, state="waiting").update(due=timezone.now()):  # it was put off
            run_job(work.job, database_url(), ELASTICSEARCH_URL=node.url).wait(PATIENCE)
        done_and_whole(work)


def test_a_rebuild_whose_process_is_killed_goes_on_where_it_was(address, chance):
    engine = ElasticEngine("wiki", address)
    engine.rebuild(Passages(passages(5)))
    for _ in range(KILLS):
        command = [sys.executable, "-c", SLOWLY, address.url, address.prefix]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as rebuilding:
            while int(rebuilding.stdout.readline()) < SOME // 10 // KILLS:
                pass
            time.sleep(chance.uniform(0, 0.2))
            rebuilding.send_signal(signal.SIGKILL)
        assert len(engine.search("common", 9)) == 5
    begun = engine.builds.behind(engine.builds.building)
    engine.loader.indices.refresh(index=engine.builds.building)
    left = len(list(lacking(engine.loader, engine.builds.building, Passages(passages(SOME)))))
    engine.rebuild(Passages(passages(SOME)))
    assert 0 < left < SOME
    assert (engine.builds.behind(engine.builds.live), missing(engine, passages(SOME))) == (begun, [])
