"""What the API takes: JSON of a bounded length, whose every key is known, and annotations as the one record."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from annotator import record
from annotator.codec import annotation_from_json, to_json
from annotator.reading import BadInput
from annotator.supplement_numbers import numbered

MOST_KEY = 10**18 - 1


class Json(JSONParser):
    """Reads JSON; what is longer than a body may be is not read at all."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.API_BODY_BYTES:
            raise RequestDataTooBig
        try:
            return super().parse(stream, media_type, dict(parser_context or {}))
        except RecursionError as deep:
            raise ParseError("JSON parse error - nested too deeply") from deep


class Body(serializers.Serializer[Any]):
    """What an operation is sent. A key that it does not know is a mistake, not something to pass over."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: ["is no field of this operation"] for name in unknown})
        return super().to_internal_value(data)

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        """Return what was sent, checked. Raises ValidationError, and BadInput for the parts that are records."""
        body = cls(data=request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


class RecordField(serializers.Field[record.Annotation, Any, Any, Any]):
    """A whole annotation in the one JSON form that revisions, exports and files have.

    ``numbers`` of the context are those of its supplementary fragments.
    """

    def to_representation(self, value: record.Annotation) -> Any:
        return to_json(numbered(value, self.context.get("numbers", {})))

    def to_internal_value(self, data: Any) -> record.Annotation:
        try:
            return annotation_from_json(data)
        except BadInput as bad:
            raise bad.under(self.field_name or "") from bad


class ConditionField(serializers.Field[record.Condition, Any, Any, Any]):
    """One condition, in the same form."""

    def to_representation(self, value: record.Condition) -> Any:
        return to_json(value)

    def to_internal_value(self, data: Any) -> record.Condition:
        try:
            return annotation_from_json({"conditions": [data]}).conditions[0]
        except BadInput as bad:
            raise bad.under(self.field_name or "", within="conditions[0]") from bad
