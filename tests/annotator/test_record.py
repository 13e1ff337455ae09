"""Rows ↔ record ↔ JSON, and the door of shape."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from annotator import record, rows
from annotator.codec import annotation_from_json, annotation_stored, to_json
from annotator.models import Annotation
from annotator.reading import BadInput
from tests.annotator.records import annotations

slow = settings(suppress_health_check=list(HealthCheck))


@given(annotations)
def test_json_gives_every_record_back(annotation):
    assert annotation_from_json(json.loads(json.dumps(to_json(annotation)))) == annotation


@given(annotations)
def test_what_a_history_keeps_gives_every_record_back(annotation):
    assert annotation_stored(json.loads(json.dumps(to_json(annotation)))) == annotation


def test_null_stands_for_nothing_in_what_a_file_brought_into_a_history():
    cited = {"uid": "k", "role": None, "rank": None, "title": "t", "extra": None}
    data = {"verdict": None, "conditions": [{"uid": "c1", "citations": [cited]}], "extra": None}
    assert annotation_stored(data) == annotation_from_json(data)


@slow
@given(annotation=annotations)
def test_rows_give_every_record_back(annotation, assignment):
    row = Annotation.objects.get(pk=assignment.annotation_id)
    row.conditions.all().delete()
    verdict = annotation.verdict.value if annotation.verdict else None
    values = {"verdict": verdict, "reason": annotation.reason, "note": annotation.note, "extra": annotation.extra}
    Annotation.objects.filter(pk=row.pk).update(**values)
    rows.create_conditions([(row, annotation, rows.lines_of(row.question))])
    assert rows.annotation_record(Annotation.objects.with_conditions().get(pk=row.pk)) == annotation


@slow
@given(before=annotations, after=annotations)
def test_a_card_becomes_any_other_by_its_changes_alone(before, after, assignment):
    if not before.conditions or not after.conditions:
        return
    row = Annotation.objects.get(pk=assignment.annotation_id)
    row.conditions.all().delete()
    lines = rows.lines_of(row.question)
    rows.create_conditions([(row, record.Annotation(conditions=before.conditions[:1]), lines)])
    card = Annotation.objects.with_conditions().get(pk=row.pk).conditions.all()[0]
    rows.update_condition(rows.card_of(card), after.conditions[0], lines)
    (stored,) = rows.annotation_record(Annotation.objects.with_conditions().get(pk=row.pk)).conditions
    assert (stored.answers, stored.citations) == (after.conditions[0].answers, after.conditions[0].citations)


def condition(**more: object) -> dict[str, object]:
    return {"conditions": [{"uid": "c1", "text": "t"} | more]}


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([], ""),
        ({"verdict": "perhaps"}, "verdict"),
        ({"verdict": 1}, "verdict"),
        ({"weather": "fine"}, "weather"),
        ({"note": "half \ud800"}, "note"),
        (condition(text="NUL \0"), "conditions[0].text"),
        (condition(text=None), "conditions[0].text"),
        (condition(uid="no id!"), "conditions[0].uid"),
        (condition(answers="2010"), "conditions[0].answers"),
        (condition(answers=[{"text": "2010", "aliases": [1]}]), "conditions[0].answers[0].aliases[0]"),
        (condition(answers=[{"uid": "a"}, {"uid": "a"}]), "conditions[0].answers[1].uid"),
        (condition(citations=[{"uid": "k"}]), "conditions[0].citations[0]"),
        (condition(citations=[{"rank": 0}]), "conditions[0].citations[0].rank"),
        (condition(citations=[{"rank": True}]), "conditions[0].citations[0].rank"),
        (condition(citations=[{"rank": 1, "role": "weather"}]), "conditions[0].citations[0].role"),
        (condition(citations=[{"rank": 1, "start": 4, "end": 4}]), "conditions[0].citations[0].start"),
        (condition(citations=[{"rank": 1, "answer": "nobody"}]), "conditions[0].citations[0].answer"),
        (condition(extra={"a": float("nan")}), "conditions[0].extra.a"),
        ({"conditions": [{"uid": "c"}] * 501}, "conditions"),
    ],
)
def test_what_is_misshapen_is_refused_with_its_place(data, path):
    with pytest.raises(BadInput) as bad:
        annotation_from_json(data)
    assert path in [problem.path for problem in bad.value.problems]
