"""How the API describes itself: each operation by what it takes and answers, the record by its own classes."""

import inspect
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import fields
from enum import StrEnum
from functools import cache, wraps
from http import HTTPStatus
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from annotator import record
from annotator.api.paging import MOST, USUAL
from annotator.api.problems import MEDIA_TYPE, Unknown
from annotator.codec import LONGEST_LIST
from annotator.reading import LONGEST_TEXT

LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[202], description="The address of the job."
)
Method = TypeVar("Method", bound=Callable[..., Any])
Shape = type[serializers.BaseSerializer[Any]]
ALWAYS = (401, 404, 406, 429, 503)
CHANGING = (403, 409)
WITH_BODY = (400, 413, 415, 422)


def asks_for_page(most: int = MOST) -> tuple[OpenApiParameter, ...]:
    """Return how a list is asked for a page, which has ``most`` rows at most."""
    limit = {"type": "integer", "minimum": 1, "maximum": most, "default": min(USUAL, most)}
    following = "Where to go on: part of `next` of the page before."
    return OpenApiParameter("cursor", str, description=following), OpenApiParameter("limit", limit)


PAGE = asks_for_page()
SIMPLE = {str: {"type": "string", "maxLength": LONGEST_TEXT}, int: {"type": "integer", "minimum": 0}}
SIMPLE |= {bool: {"type": "boolean"}}


class Described(AutoSchema):
    """Puts each operation under what it is about, which is what its module is named after."""

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rpartition(".")[2].replace("_", " ")]


class PlacesField(serializers.ListField):
    child = serializers.DictField(child=serializers.CharField())


class ProblemShape(serializers.Serializer[Any]):
    """Problem details as in RFC 9457; `errors` names each place."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
    errors = PlacesField(required=False)  # type: ignore[assignment]  # the class takes its fields off itself


def operation(
    name: str,
    answers: Any,
    *,
    status: int | Iterable[int] = 200,
    takes: Any = None,
    files: bool = False,
    asks: Sequence[OpenApiParameter] = (),
    refuses: Sequence[int] = (),
) -> Callable[[Method], Method]:
    """Describe a method by its docstring, what it ``takes`` and ``answers``, and with which problems it may refuse."""
    statuses = [status] if isinstance(status, int) else status

    def described(method: Method) -> Method:
        lead, _blank, rest = (inspect.getdoc(method) or "").partition("\n\n")
        changes = method.__name__ != "get"
        codes = {*ALWAYS, *refuses, *(CHANGING if changes else ()), *(WITH_BODY if takes else ())}
        codes |= {400, 422} if asks else set()
        good = answers if isinstance(answers, dict) else {code: None if code == 204 else answers for code in statuses}
        bad = {(code, MEDIA_TYPE): OpenApiResponse(ProblemShape, HTTPStatus(code).phrase) for code in sorted(codes)}
        request = {"multipart/form-data": takes} if files else {"application/json": takes} if takes else None
        return extend_schema(
            operation_id=name,
            summary=lead.replace("\n", " "),
            description=rest,
            request=request,
            parameters=[*asks, *([LOCATION] if 202 in good else ())],
            responses={**good, **bad},
        )(knowing(method, {one.name for one in asks}) if asks else method)

    return described


def knowing(method: Method, names: Set[str]) -> Method:
    """Let a method refuse an address that asks by anything but these names."""

    @wraps(method)
    def asked(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Any:
        if unknown := sorted(set(request.query_params) - names):
            raise Unknown(unknown)
        return method(view, request, *args, **kwargs)

    return cast(Method, asked)


@cache
def page_of(shape: Shape) -> Any:
    """Return the shape of a page of a list."""
    parts = {"results": shape(many=True), "next": serializers.URLField(allow_null=True)}
    return inline_serializer(f"{shape.__name__.removesuffix('Shape')}Page", parts)


# The record


def component(registry: Any, kind: type) -> dict[str, Any]:
    """Return a reference to the schema of one of the record’s classes, which is made from its fields."""
    hints = get_type_hints(kind)
    found = ResolvedComponent(f"{kind.__name__}Record", ResolvedComponent.SCHEMA, object=kind)
    if found not in registry:
        properties = {part.name: schema_of(registry, part.name, hints[part.name]) for part in fields(kind)}
        said = " ".join((inspect.getdoc(kind) or "").split())
        found.schema = {"type": "object", "description": said, "properties": properties, "additionalProperties": False}
        registry.register(found)
    return dict(found.ref)


def schema_of(registry: Any, name: str, kind: Any) -> dict[str, Any]:
    """Return the schema of a field of a record by its type."""
    if name == "uid":
        return {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,32}$"}
    if isinstance(kind, UnionType):
        [inner] = [part for part in get_args(kind) if part is not NoneType]
        return {"anyOf": [schema_of(registry, name, inner), {"type": "null"}]}
    if get_origin(kind) is tuple:
        return {"type": "array", "maxItems": LONGEST_LIST, "items": schema_of(registry, "", get_args(kind)[0])}
    if kind in SIMPLE:
        return dict(SIMPLE[kind])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [choice.value for choice in kind]}
    return component(registry, kind) if isinstance(kind, type) else {"type": "object", "additionalProperties": True}


class RecordSchema(OpenApiSerializerFieldExtension):
    target_class = "annotator.api.bodies.RecordField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Literal["request", "response"]) -> Any:  # noqa: ARG002
        return component(auto_schema.registry, record.Annotation)


class ConditionSchema(OpenApiSerializerFieldExtension):
    target_class = "annotator.api.bodies.ConditionField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Literal["request", "response"]) -> Any:  # noqa: ARG002
        return component(auto_schema.registry, record.Condition)


class BearerSchema(OpenApiAuthenticationExtension):
    target_class = "annotator.api.access.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> Any:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer", "description": "A token from the page “Your tokens”."}
