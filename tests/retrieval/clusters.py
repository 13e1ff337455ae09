"""A double of Elasticsearch: answers as it is told, and misbehaves."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from retrieval.engines.elastic.client import Address
from retrieval.engines.elastic.engine import ElasticEngine
from tests.scoring.judges.double import Answer, Body, Double, Handler, script, serving

PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/vnd.elasticsearch+json;compatible-with=9"}


class AnyRequest(Handler):
    """Takes every method, and notes it with the path and the lines of the body."""

    def asked(self, body: bytes) -> Body:
        return {"method": self.command, "path": self.path, "lines": [json.loads(line) for line in body.splitlines()]}

    do_GET = do_HEAD = do_PUT = do_DELETE = Handler.do_POST  # noqa: N815 - names that the server looks for


def says(body: Mapping[str, Any], status: int = 200, **headers: str) -> Answer:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(json.dumps(body).encode(), status, PRODUCT | more)


def fails(status: int, kind: str = "", reason: str = "", **headers: str) -> Answer:
    return says({"error": {"type": kind, "reason": reason}, "status": status}, status, **headers)


def items(*statuses: int, **error: str) -> Answer:
    """Answer a bulk request: done, or an error, for each of its operations."""
    wrong = {"error": error or {"type": "t", "reason": "r"}}
    told = [{"index": {"status": status} | (wrong if status > 299 else {})} for status in statuses]
    return says({"errors": max(statuses) > 299, "items": told})


@contextmanager
def cluster_that(*answers: Answer, key: str = "") -> Iterator[tuple[Double, ElasticEngine]]:
    """Run a double that gives these answers in turn, the last one from then on, and the engine that asks it."""
    with serving(script(*answers), AnyRequest) as double:
        yield double, ElasticEngine("wiki", Address(double.url.removesuffix("/v1"), key))
