"""An Elasticsearch that is away, busy, closed or something else: each says what to do, soon, and nothing spins."""

import socket
import time
from threading import Event
from types import SimpleNamespace

import pytest
from elasticsearch import ApiError

from retrieval.engines import EngineUnavailableError, NoIndexError, Passage
from retrieval.engines.elastic import bulk, client, searching
from retrieval.engines.elastic.bulk import Operation, Refused, RefusedError, send
from retrieval.engines.elastic.client import Address
from retrieval.engines.elastic.engine import ElasticEngine
from tests.config.test_serve import free_port
from tests.retrieval.clusters import cluster_that, fails, items, says
from tests.scoring.judges.double import Answer

WAITS_FOR_ONE = searching.WAITS_FOR_ONE
HIT = says({"hits": {"hits": [{"sort": [1.5, 7]}]}})
CHUNK = [Operation(number, b'{"index": {"_id": "%d"}}\n{}' % number) for number in (1, 2, 3)]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait no longer than a test has to."""
    client.client.cache_clear()
    monkeypatch.setattr(searching, "WAITS_FOR_ONE", (0.01,))
    monkeypatch.setattr(searching, "WAITS_FOR_MANY", (0.01, 0.01))


class Waits(Event):
    """Notes for how long somebody would have waited; after the second wait it is over where that is asked for."""

    def __init__(self, most: int = 100) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self.most = most

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0)
        return len(self.seconds) >= self.most


def trouble(engine: ElasticEngine) -> EngineUnavailableError:
    """Return the error of a search that cannot be made."""
    with pytest.raises(EngineUnavailableError) as caught:
        engine.search("Spain", 3)
    assert engine.address.url in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says({}, X_Elastic_Product="Other"), "is something else: check ELASTICSEARCH_URL"),
        (Answer(b"<html>", 200, {"Content-Type": "text/html"}), "is something else"),
        (Answer(b"<html>", 404, {"Content-Type": "text/html"}), "is something else"),
        (fails(401, "security_exception"), "does not know the key: check ELASTICSEARCH_API_KEY"),
        (fails(403, "security_exception"), "does not let the key do this: it needs the privilege “manage”"),
        (fails(400, "media_type_header_exception"), "is of another version: 9 is expected"),
        (fails(429, "es_rejected_execution_exception"), r"is busy or starting \(429\): try again in a while"),
        (fails(503, "cluster_block_exception", "state not recovered / initialized"), r"is busy or starting \(503\)"),
        (Answer(b"<html>", 502, {"Content-Type": "text/html"}), r"is busy or starting \(502\)"),
        (Answer(b"", 302, {"Location": "https://elsewhere.example/"}), r"answered 302"),
        (fails(500, "illegal_state", "why"), r"answered 500 \(illegal_state: why\)"),
        (Answer(closes=True), "cannot be reached: see that it runs, or check ELASTICSEARCH_URL"),
    ],
)
def test_trouble_says_what_to_do(answer, said):
    with cluster_that(answer, key="secret-key") as (double, engine):
        told = trouble(engine)
    assert pytest.RaisesExc(EngineUnavailableError, match=said).matches(told)
    assert told.passing is any(word in said for word in ("busy", "reached"))
    assert "secret-key" not in str(told)
    assert len(double.asked) <= 4


def test_the_first_search_of_a_server_that_is_back_waits_until_its_indexes_are_open(monkeypatch):
    """Seen for one to two seconds after a start: missing shards, while the server answers already."""
    slept: list[float] = []
    monkeypatch.setattr(searching, "WAITS_FOR_ONE", WAITS_FOR_ONE)
    monkeypatch.setattr(searching, "time", SimpleNamespace(sleep=slept.append, monotonic=time.monotonic))
    opening = [fails(503, "search_phase_execution_exception", "missing shards")] * 4
    with cluster_that(*opening, HIT) as (_double, engine):
        assert [hit.fragment_id for hit in engine.search("Spain", 3)] == [7]
    assert 2 < sum(slept) < 3


def test_nobody_there_is_said_at_once_and_in_one_line(caplog):
    engine = ElasticEngine("wiki", Address(f"http://127.0.0.1:{free_port()}"))
    start = time.monotonic()
    assert "cannot be reached" in str(trouble(engine))
    assert time.monotonic() - start < 2
    assert caplog.records == []


def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr("retrieval.engines.elastic.engine.SEARCH_SECONDS", 0.2)
    with cluster_that(Answer(waits=Event())) as (double, engine):
        assert "does not answer in time" in str(trouble(engine))
        assert len(double.asked) == 1


def test_how_an_index_is_is_not_waited_for_either(monkeypatch):
    monkeypatch.setattr("retrieval.engines.elastic.engine.SEARCH_SECONDS", 0.2)
    extent = says({"hits": {"total": {"value": 1}, "hits": [{"sort": [1]}]}})
    start, given_up = time.monotonic(), pytest.raises(EngineUnavailableError, match="does not answer in time")
    with cluster_that(extent, Answer(waits=Event())) as (_double, engine), given_up:
        engine.info()
    assert time.monotonic() - start < 5


def test_what_is_no_elasticsearch_is_asked_once():
    with cluster_that(Answer(b"<html>", 404, {"Content-Type": "text/html"})) as (double, engine):
        trouble(engine)
        assert len(double.asked) == 1


def test_a_host_that_answers_no_door_is_given_up_sooner_than_one_that_works(monkeypatch):
    monkeypatch.setattr(client, "CONNECT_SECONDS", 0.1)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        callers = [socket.socket() for _ in range(3)]
        for caller in callers:  # whoever comes after them is left waiting
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
        start = time.monotonic()
        assert "does not answer in time" in str(trouble(ElasticEngine("wiki", Address(url_of(full)))))
        assert time.monotonic() - start < client.SEARCH_SECONDS / 2
        for caller in callers:
            caller.close()


def url_of(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_an_address_that_speaks_no_tls_is_said():
    with cluster_that(HIT) as (double, _engine):
        engine = ElasticEngine("wiki", Address(f"https://127.0.0.1:{double.server_port}"))
        assert "by TLS: check ELASTICSEARCH_CA_FILE where its certificate is not trusted" in str(trouble(engine))


def test_an_alias_that_is_not_there_says_how_to_build_an_index():
    gone = says({"error": {"type": "index_not_found_exception", "index": "proviso.live.wiki"}, "status": 404}, 404)
    with cluster_that(gone) as (double, engine), pytest.raises(NoIndexError, match="reindex --corpus wiki"):
        engine.search("Spain", 3)
    assert len(double.asked) == 1


@pytest.mark.parametrize(
    "passing", [fails(429), fails(503), Answer(closes=True), fails(404, "index_not_found_exception")]
)
def test_trouble_that_passes_is_not_noticed(passing):
    with cluster_that(passing, HIT) as (double, engine):
        assert [hit.fragment_id for hit in engine.search("Spain", 3)] == [7]
        assert len(double.asked) == 2


def test_a_server_that_takes_its_time_to_refuse_is_not_asked_as_often(monkeypatch):
    monkeypatch.setattr(searching, "SEARCH_SECONDS", 0)
    monkeypatch.setattr(searching, "WAITS_FOR_ONE", (0, 0, 0))
    with cluster_that(fails(503)) as (double, engine):
        assert "busy" in str(trouble(engine))
        assert len(double.asked) == 1


def test_an_engine_that_was_away_answers_again_when_it_is_back():
    with cluster_that(fails(503), fails(503), HIT) as (_double, engine):
        trouble(engine)
        assert len(engine.search("Spain", 3)) == 1


def test_the_key_goes_along_and_is_not_shown():
    with cluster_that(HIT, key="secret-key") as (double, engine):
        engine.search("Spain", 3)
        assert double.keys == ["ApiKey secret-key"]
        assert "secret-key" not in repr(engine.address)


def sent(*answers: Answer, waits: Waits | None = None) -> tuple[list[list[str]], list[Refused], list[float]]:
    """Send three operations to a double; return the ids of each request, what was refused, and the waits."""
    waits = waits or Waits()
    with cluster_that(*answers) as (double, engine):
        refused = send(engine.loader, "some", CHUNK, waits)
    asked = [[line["index"]["_id"] for line in body["lines"] if "index" in line] for body in double.asked]
    return asked, refused, waits.seconds


def test_a_busy_server_is_asked_again_when_it_says():
    asked, refused, waits = sent(fails(429, Retry_After="7"), items(200, 200, 200))
    assert (asked, refused) == ([["1", "2", "3"]] * 2, [])
    assert 5.25 <= waits[0] <= 8.75


def test_a_server_cannot_ask_for_more_than_a_minute():
    assert sent(fails(503, Retry_After="86400"), items(200, 200, 200))[2][0] <= 75


def test_only_what_a_busy_server_left_is_sent_again():
    asked, refused, waits = sent(items(200, 429, 503), items(429, 200), items(200))
    assert (asked, refused) == ([["1", "2", "3"], ["2", "3"], ["2"]], [])
    assert waits[0] < waits[1]


def test_what_met_an_index_that_gave_its_place_to_a_new_one_is_sent_again():
    gone = {"type": "index_not_found_exception", "reason": "no such index"}
    asked, refused, _waits = sent(items(404, 200, 200, index="proviso.1.wiki", **gone), items(200))
    assert (asked, refused) == ([["1", "2", "3"], ["1"]], [])
    asked, refused, _waits = sent(items(404, 404, 404, index="some", **gone))
    assert (len(asked), [one.number for one in refused]) == (1, [1, 2, 3])


def test_what_is_refused_for_good_is_told_and_not_sent_again():
    asked, refused, _waits = sent(items(200, 400, 201))
    assert (asked, refused) == ([["1", "2", "3"]], [Refused(2, "answered 400 (t: r)")])


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (["is full"] * 3000, "3,000 fragments: fragment 0 and 2,999 more: it is full"),
        (["is full", "is odd", "is full"], "3 fragments: fragment 0 and 1 more: it is full; fragment 1: it is odd"),
        (
            list("abcdefg"),
            "7 fragments: " + "".join(f"fragment {n}: it {why}; " for n, why in enumerate("abcde")) + "and 2 more",
        ),
    ],
)
def test_each_reason_of_what_is_refused_is_told_once(reasons, said):
    refused = [Refused(number, why) for number, why in enumerate(reasons)]
    assert str(RefusedError(refused)) == f"Elasticsearch refused {said}"


@pytest.mark.parametrize("passing", [Answer(closes=True), fails(503), Answer(b"<html>", 502)])
def test_a_request_that_was_lost_is_sent_again(passing):
    asked, refused, _waits = sent(passing, passing, items(200, 200, 200))
    assert (len(asked), refused) == (3, [])


def test_a_wrong_key_is_no_reason_to_wait():
    with pytest.raises(ApiError):
        sent(fails(401), waits=(waits := Waits()))
    assert waits.seconds == []


def test_a_server_that_stays_busy_is_given_up():
    waits = Waits()
    with pytest.raises(ApiError):
        sent(fails(429), waits=waits)
    assert len(waits.seconds) == len(bulk.WAITS)
    asked, refused, _waits = sent(items(429, 200, 200), items(429))
    assert (len(asked), [one.number for one in refused]) == (len(bulk.WAITS) + 1, [1])


def test_who_needs_no_result_waits_no_longer():
    asked, _refused, _waits = sent(fails(429), waits=Waits(most=2))
    assert len(asked) == 2


def test_a_commit_that_was_given_up_can_be_tried_again(monkeypatch):
    monkeypatch.setattr(bulk, "WAITS", (0.0,))
    alias, refreshed = says({"proviso.1.wiki": {}}), says({})
    with cluster_that(alias, fails(503), fails(503), alias, items(200), refreshed) as (double, engine):
        engine.add([Passage(1, "Title", "text")])
        with pytest.raises(EngineUnavailableError, match="busy"):
            engine.commit()
        engine.commit()
        assert [body["path"].split("?")[0] for body in double.asked][-3:] == [
            "/_alias/proviso.live.wiki",
            "/proviso.live.wiki/_bulk",
            "/proviso.live.wiki/_refresh",
        ]
