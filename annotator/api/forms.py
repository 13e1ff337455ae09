"""The forms of the pages, filled by programs: what may be asked for is said once, in the form."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from django import forms
from rest_framework import serializers

from annotator.api.bodies import Body
from annotator.forms import TypedForm
from annotator.reading import BadInput, Problem

Form = TypeVar("Form", bound=forms.BaseForm)
Field = serializers.Field[Any, Any, Any, Any]
LARGEST = 2**31 - 1
LONGEST_NAME = 200
# Programs name a row by what they read of it elsewhere.
NAMED_BY = {"corpus": "slug", "guideline_version": "number", "batch": "name"}


def body_of(
    form: "type[forms.Form] | type[forms.ModelForm[Any]]", says: str, *, changes: bool = False, **others: Field | None
) -> type[Body]:
    """Return the body of an operation that fills a form: its fields, ``others`` in the place of those so named.

    In the place of what no program sends stands None. A body of ``changes`` needs none of them.
    """
    own = {name: field for name, field in form.base_fields.items() if name not in others}
    made = {name: field_of(name, field, changes=changes) for name, field in own.items()}
    fields = made | {name: field for name, field in others.items() if field}
    name = form.__name__.removesuffix("Form") + ("Changes" if changes else "Body")
    return cast(type[Body], type(name, (Body,), {"__doc__": says, **fields}))


def field_of(name: str, field: forms.Field, *, changes: bool) -> Field:
    """Return how a field of a form is sent; one that the form fills in by itself may be missing."""
    kind, more = kind_of(name, field)
    words = " – ".join(str(part) for part in (field.label, field.help_text) if part)
    return kind(required=field.required and field.initial is None and not changes, help_text=words, **more)


def kind_of(name: str, field: forms.Field) -> tuple[Callable[..., Field], dict[str, Any]]:
    """Return what a field of a form is in JSON; a number, time or row that need not be given may be null."""
    bounds = {"min_value": getattr(field, "min_value", None), "max_value": getattr(field, "max_value", None)}
    null = {"allow_null": not field.required}
    match field:
        case forms.ModelChoiceField():
            kind, named = kind_of_name(name)
            return kind, named | null
        case forms.MultipleChoiceField():
            child = serializers.ChoiceField([*cast(Any, field.choices)])
            return serializers.ListField, {"child": child, "max_length": len(child.choices)}
        case forms.ChoiceField():
            return serializers.ChoiceField, {"choices": [*cast(Any, field.choices)]}
        case forms.BooleanField():
            return serializers.BooleanField, {}
        case forms.FloatField():
            return serializers.FloatField, bounds | null
        case forms.IntegerField():
            most = min(LARGEST, bounds["max_value"] or LARGEST)
            return serializers.IntegerField, bounds | {"max_value": most} | null
        case forms.DateField():
            return serializers.DateField, null
        case forms.DateTimeField():
            return serializers.DateTimeField, null
        case forms.CharField():
            text = {"max_length": field.max_length, "trim_whitespace": field.strip}
            return serializers.CharField, {"allow_blank": not field.required, **text}
    raise TypeError(f"{name} is of a kind that no program can send")


def kind_of_name(name: str) -> tuple[Callable[..., Field], dict[str, Any]]:
    """Return what names a row in JSON: its number, or the text that it is known by."""
    if name not in NAMED_BY:
        raise TypeError(f"{name} is a row that no program can name")
    if NAMED_BY[name] == "number":
        return serializers.IntegerField, {"min_value": 1, "max_value": LARGEST}
    return serializers.CharField, {"max_length": LONGEST_NAME}


def filled(make: Callable[[Mapping[str, Any] | None], Form], said: Mapping[str, Any]) -> Form:
    """Return a form filled with what was sent, over what it begins with. Raises BadInput, naming each field."""
    blank = make(None)
    # A form shows a time without its fraction; a row that is changed elsewhere keeps it.
    starts = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}
    form = make({**starts, **blank.initial, **{name: meant(blank, name, value) for name, value in said.items()}})
    if not form.is_valid():
        named = [(name if name != "__all__" else "", words) for name, found in form.errors.items() for words in found]
        raise BadInput([Problem(name, str(words)) for name, words in named])
    return form


def meant(form: forms.BaseForm, name: str, value: Any) -> Any:
    """Return what a form takes for what was sent: of a row its key. Raises BadInput where there is no such row."""
    field = form.fields[name]
    if value is None or not isinstance(field, forms.ModelChoiceField):
        return value
    assert field.queryset is not None  # noqa: S101 - offered by the form
    row = field.queryset.filter(**{NAMED_BY[name]: value}).first()
    if row is None:
        raise BadInput([Problem(name, "is none that can be chosen")])
    return row.pk


Typed = body_of(TypedForm, "The name of what goes, so that nobody does it by a slip.")
