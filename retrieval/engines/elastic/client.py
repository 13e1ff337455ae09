"""The one door to Elasticsearch: its clients, and what its errors mean to who reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from elastic_transport import TlsError, TransportError, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, NotFoundError, UnsupportedProductError
from urllib3 import Timeout

from retrieval.engines.elastic.layout import MAJOR
from retrieval.engines.protocol import EngineUnavailableError

# A host that is away is noticed soon; one that works gets its time.
CONNECT_SECONDS = 2.0
SEARCH_SECONDS = 3.0  # somebody waits, and holds one of few threads
LOADING_SECONDS = 60.0  # a job waits
BUSY = (429, 502, 503, 504)
BLOCKED = "cluster_block_exception"
UNREADABLE_VERSION = "media_type_header_exception"
SOMETHING_ELSE = "is something else: check ELASTICSEARCH_URL"


@dataclass(frozen=True, slots=True)
class Address:
    """Where Elasticsearch is, and what opens it; the prefix keeps two sites on one cluster apart."""

    url: str
    api_key: str = field(default="", repr=False)
    ca_file: str = ""
    prefix: str = "proviso"


class Node(Urllib3HttpNode):
    """A node with a time to connect and another one to answer; the transport has a single one for both."""

    def perform_request(
        self, method: str, target: str, body: Any = None, headers: Any = None, request_timeout: Any = DEFAULT
    ) -> Any:
        answer = self.config.request_timeout if request_timeout is DEFAULT else request_timeout
        timeout: Any = Timeout(connect=CONNECT_SECONDS, read=answer)  # handed on to urllib3 as it is
        return super().perform_request(method, target, body, headers, timeout)


@cache
def client(address: Address, seconds: float) -> Elasticsearch:
    """Return a process's client for requests that may take so long. It asks again only where a connection broke."""
    return Elasticsearch(
        address.url,
        api_key=address.api_key or None,
        ca_certs=address.ca_file or DEFAULT,
        node_class=Node,
        request_timeout=seconds,
        max_retries=1,
        retry_on_status=(),
        retry_on_timeout=False,
    )


@contextmanager
def plainly(address: Address) -> Iterator[None]:
    """Turn every error of Elasticsearch into ``EngineUnavailableError``, whose message says what to do."""
    try:
        yield
    except (ApiError, TransportError) as error:
        said = f"Elasticsearch at {address.url} {trouble(error)}"
        raise EngineUnavailableError(said, passing=passes(error)) from error


def passes(error: ApiError | TransportError) -> bool:
    """Return whether an error may be gone in a while."""
    if isinstance(error, ApiError):
        return error.meta.status in BUSY
    return not isinstance(error, TlsError)


def trouble(error: ApiError | TransportError) -> str:
    """Return what is wrong and what to do about it."""
    match error:
        case UnsupportedProductError():
            return SOMETHING_ELSE
        case NotFoundError() if not is_elasticsearch(error):
            return SOMETHING_ELSE
        case ApiError():
            return refusal(error.meta.status, kind_of(error.body), reason_of(error.body))
        case TlsError():
            return (
                "cannot be spoken to by TLS: check ELASTICSEARCH_CA_FILE where its certificate is not trusted, "
                "ELASTICSEARCH_URL where it speaks plain http"
            )
        case ConnectionTimeout():
            return "does not answer in time: see that it runs and is not overloaded, and try again"
        case _:
            return "cannot be reached: see that it runs, or check ELASTICSEARCH_URL"


def is_elasticsearch(error: ApiError) -> bool:
    """Return whether an answer says that it is from Elasticsearch, as the client asks of the good ones alone."""
    return error.meta.headers.get("x-elastic-product") == "Elasticsearch"


def refusal(status: int, kind: str, reason: str) -> str:
    """Return what the refusal of a request, or of one item of it, means."""
    if kind == BLOCKED and "recovered" not in reason:
        return f"lets nothing be written ({reason}): make room on its disk, or lift the block, and try again"
    if kind == UNREADABLE_VERSION:
        return f"is of another version: {MAJOR} is expected"
    if status in BUSY:
        return f"is busy or starting ({status}): try again in a while"
    if status == 401:
        return "does not know the key: check ELASTICSEARCH_API_KEY"
    if status == 403:
        return "does not let the key do this: it needs the privilege “manage” on indexes that begin with the prefix"
    return f"answered {status} ({kind}: {reason})"


def kind_of(body: Any) -> str:
    """Return an error's type as its answer gives it, empty where there is none."""
    return str(detail(body).get("type", ""))


def reason_of(body: Any) -> str:
    """Return an error's reason as its answer gives it; the root cause where several stand above each other."""
    found = detail(body)
    root = (found.get("root_cause") or [found])[0]
    return str(root.get("reason", ""))[:300]


def detail(body: Any) -> dict[str, Any]:
    found = body.get("error") if isinstance(body, dict) else None
    return found if isinstance(found, dict) else {}
