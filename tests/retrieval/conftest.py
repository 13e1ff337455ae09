"""A corpus, its lookalike, and private places for search indexes: a folder, and a prefix on a real Elasticsearch."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from retrieval.engines.elastic.client import LOADING_SECONDS, Address, client
from retrieval.engines.elastic.engine import ElasticEngine
from retrieval.engines.memory import MemoryEngine
from retrieval.fragments import NewFragment, batched, store_fragments
from retrieval.models import Corpus, Fragment
from tests.conftest import SHARED, unavailable
from tests.retrieval.nodes import Node, NoNodeError, node_of_the_run, own_node

GIVEN = os.environ.get("ELASTICSEARCH_URL", "")
TOOL = SHARED / "tools" / "elasticsearch" / "node"
TEXTS = [
    NewFragment("FIFA World Cup", "Spain won the World Cup in 2010.", source_id="1"),
    NewFragment("Soup", "Cups of soup are served hot.", source_id="2"),
    NewFragment("EuroBasket", "Spain won EuroBasket in 2011.", source_id="3"),
]


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings, monkeypatch) -> Path:
    """Keep indexes in the test's own folder."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(MemoryEngine, "shelves", {})
    return tmp_path


@contextmanager
def or_unavailable() -> Iterator[None]:
    """Skip, or fail where that is asked for, what needs a node that cannot be started."""
    if not TOOL.exists():
        unavailable("elasticsearch", "ELASTICSEARCH_URL is not set, and the shared folder has no node to start")
    try:
        yield
    except NoNodeError as error:
        unavailable("elasticsearch", str(error))


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a real Elasticsearch: the one that the environment names, else one started for this run."""
    if GIVEN:
        yield GIVEN
        return
    with or_unavailable(), node_of_the_run(TOOL) as url:
        yield url


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """A real Elasticsearch of the test's own, to be killed."""
    with or_unavailable(), own_node(TOOL) as node:
        yield node


@pytest.fixture(scope="session")
def prefixes(cluster: str) -> Iterator[Iterator[str]]:
    """Prefixes that nobody else uses on the cluster; what is made under them is deleted when all is over."""
    ours = f"test-{secrets.token_hex(4)}"
    yield (f"{ours}-{number}" for number in count())
    indices = client(Address(cluster), LOADING_SECONDS).indices
    for some in batched(indices.get_alias(index=f"{ours}-*").body, 50):
        indices.delete(index=some)


@pytest.fixture
def address(cluster: str, prefixes: Iterator[str]) -> Address:
    """A prefix of this test's own on the cluster."""
    return Address(cluster, prefix=next(prefixes))


@pytest.fixture
def elastic(address: Address) -> Callable[[str], ElasticEngine]:
    """Return a function that gives the engine of a corpus on the cluster."""
    return lambda slug: ElasticEngine(slug, address)


@pytest.fixture
def on_elasticsearch(address: Address, settings) -> None:
    """The site searches by the real Elasticsearch."""
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX = address.url, address.prefix


@pytest.fixture
def corpus(db) -> Corpus:
    """An empty corpus; beside it one that holds the same texts, so that a forgotten filter shows."""
    noise = Corpus.objects.create(slug="noise", name="Noise")
    store_fragments(noise, TEXTS)
    return Corpus.objects.create(slug="wiki", name="Wiki")


@pytest.fixture
def texts() -> list[NewFragment]:
    """Three fragments on their way in: two about Spain, one about soup."""
    return list(TEXTS)


@pytest.fixture
def fragments(corpus: Corpus, texts: list[NewFragment]) -> list[Fragment]:
    """The same three, stored in the corpus."""
    store_fragments(corpus, texts)
    return list(corpus.fragments.order_by("source_id"))
