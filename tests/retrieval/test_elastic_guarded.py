"""The real Elasticsearch behind a door of TLS that asks for an API key, as that of a secured cluster does."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from urllib.parse import urlsplit

import pytest
import trustme

from retrieval.engines import EngineUnavailableError
from retrieval.engines.elastic.client import Address
from retrieval.engines.elastic.engine import ElasticEngine
from tests.retrieval.sources import Passages, passages

KEY = "aWQ6c2VjcmV0"
REFUSING = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


class Door(BaseHTTPRequestHandler):
    """Hands on what comes with the key, and refuses the rest as Elasticsearch does."""

    protocol_version = "HTTP/1.1"
    cluster = ""

    def hand_on(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.headers["Authorization"] != f"ApiKey {KEY}":
            self.answer(401, b'{"error": {"type": "security_exception"}, "status": 401}', REFUSING)
            return
        behind = HTTPConnection(urlsplit(self.cluster).netloc)
        behind.request(self.command, self.path, body, dict(self.headers))
        found = behind.getresponse()
        self.answer(found.status, found.read(), dict(found.getheaders()))
        behind.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = hand_on  # noqa: N815 - names that the server looks for

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def log_message(self, *_told: object) -> None:
        pass


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def guarded(address: Address, authority: trustme.CA, tmp_path: Path) -> Iterator[Address]:
    """The cluster’s address behind the door, with the key and the authority that open it."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Guarded", (Door,), {"cluster": address.url}))
    server.daemon_threads = True
    context = SSLContext(PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"https://127.0.0.1:{server.server_port}"
    yield replace(address, url=url, api_key=KEY, ca_file=str(tmp_path / "ca.pem"))
    server.shutdown()
    server.server_close()


def trouble(address: Address) -> str:
    with pytest.raises(EngineUnavailableError) as caught:
        ElasticEngine("wiki", address).search("Spain", 3)
    return str(caught.value)


def test_with_key_and_authority_an_index_is_built_and_searched(guarded):
    engine = ElasticEngine("wiki", guarded)
    engine.rebuild(Passages(passages(50)))
    assert len(engine.search("common", 3)) == 3


def test_a_key_that_is_wrong_is_named_but_not_shown(guarded):
    told = trouble(replace(guarded, api_key="c29tZTpvdGhlcg"))
    assert "does not know the key: check ELASTICSEARCH_API_KEY" in told
    assert "c29tZTpvdGhlcg" not in told
    assert "check ELASTICSEARCH_API_KEY" in trouble(replace(guarded, api_key=""))


def test_a_certificate_of_another_authority_is_not_trusted(guarded, tmp_path):
    assert "check ELASTICSEARCH_CA_FILE" in trouble(replace(guarded, ca_file=""))
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    assert "check ELASTICSEARCH_CA_FILE" in trouble(replace(guarded, ca_file=str(tmp_path / "other.pem")))


def test_a_certificate_for_another_host_is_not_trusted(guarded):
    assert "check ELASTICSEARCH_CA_FILE" in trouble(replace(guarded, url=guarded.url.replace("127.0.0.1", "localhost")))
