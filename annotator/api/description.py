"""The API’s description of itself: as OpenAPI for programs, and as a page for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.markdown import render_markdown

METHODS = ("get", "post", "put", "patch", "delete")
BODIES = ("application/json", "multipart/form-data")
# What operations are about, in the order in which a team comes to it.
ABOUT = [
    *("projects", "batches", "members", "guidelines", "consent", "files", "questions", "search"),
    *("work", "lookups", "beside", "history", "notes", "adjudication", "gold", "progress", "agreement"),
    *("systems", "evaluations", "samples", "proposals", "releases", "trials"),
    *("jobs", "hooks", "tokens", "corpora", "site jobs"),
]


@cache
def described() -> dict[str, Any]:
    """Return the description as OpenAPI 3.1; it says the same as long as the process runs."""
    found = SchemaGenerator().get_schema(request=None, public=True)
    return {**found, "tags": [{"name": name} for name in ABOUT]}


@extend_schema(exclude=True)
class Schema(APIView):
    """The description for programs. It tells of no project, so it is for everybody."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []
    renderer_classes = [OpenApiJsonRenderer, JSONRenderer]  # the second for who asks for application/json

    def get(self, request: Request) -> Response:  # noqa: ARG002
        return Response(described())


# The page


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body or an answer, or of what stands behind the address."""

    name: str
    kind: str
    needed: bool
    says: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for."""

    name: str
    method: str
    path: str
    lead: str
    says: SafeString
    asks: list[Field]
    takes: list[Field]
    gives: list[Field]
    answers: list[tuple[str, str]]

    @property
    def tables(self) -> list[tuple[str, list[Field]]]:
        """Return what there is to say of its fields."""
        named = [(_("Behind the address"), self.asks), (_("It takes"), self.takes), (_("It answers"), self.gives)]
        return [(title, fields) for title, fields in named if fields]


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation with what it takes and answers."""
    return render(request, "annotator/api.html", {"groups": list(groups().items())})


@cache
def groups() -> dict[str, list[Operation]]:
    """Return the operations by what they are about, in the order of the description."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in described()["tags"]}
    for path, methods in described()["paths"].items():
        for tag, one in operations(path, methods):
            found[tag].append(one)
    return found


def operations(path: str, methods: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Yield each operation of an address, with what it is about."""
    for method in METHODS:
        if said := methods.get(method):
            yield (
                said["tags"][0],
                Operation(
                    name=said["operationId"],
                    method=method.upper(),
                    path=path,
                    lead=said.get("summary", ""),
                    says=render_markdown(rest_of(said)),
                    asks=[asked(one) for one in said.get("parameters", ()) if one["in"] == "query"],
                    takes=fields_in(said.get("requestBody", {}).get("content", {})),
                    gives=fields_in(good(said)),
                    answers=[(code, one.get("description", "")) for code, one in sorted(said["responses"].items())],
                ),
            )


def rest_of(said: Mapping[str, Any]) -> str:
    """Return what is said of an operation besides its first sentence."""
    lead, rest = said.get("summary", ""), str(said.get("description", ""))
    return "" if rest == lead else rest


def good(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the content of the first answer that is no problem."""
    found: Mapping[str, Any] = next((one for code, one in said["responses"].items() if code.startswith("2")), {})
    content: Mapping[str, Any] = found.get("content", {})
    return content


def asked(parameter: Mapping[str, Any]) -> Field:
    return Field(
        parameter["name"],
        kind_of(parameter["schema"]),
        parameter.get("required", False),
        parameter.get("description", "").replace("`", ""),
    )


def fields_in(content: Mapping[str, Any]) -> list[Field]:
    """Return the fields of a body or an answer in JSON, of a list those of its rows."""
    schema = next((resolved(content[kind]["schema"]) for kind in BODIES if kind in content), {})
    rows = schema.get("properties", {}).get("results")
    schema = resolved(rows["items"]) if rows else schema
    needed = schema.get("required", ())
    return [
        Field(name, kind_of(one), name in needed, one.get("description", "").replace("`", ""))
        for name, one in schema.get("properties", {}).items()
    ]


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference stands for."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = described()["components"]["schemas"][name] if name else schema
    return found


def kind_of(schema: Mapping[str, Any]) -> str:
    """Return in words what a field holds."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    alternatives = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if alternatives:
        return " or ".join(dict.fromkeys(kind_of(one) for one in alternatives))
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
