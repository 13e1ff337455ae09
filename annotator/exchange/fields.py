"""What the fields of a file become: every field of its first records is listed, with how often and an example."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotator.exchange.streaming import NOTHING_MAPPED, Unreadable, records

RECORDS_READ = 200
MOST_FIELDS = 60
LONGEST_EXAMPLE = 90

QUESTION, CONDITION, ANSWER = _("question: text"), _("condition"), _("answer")
WORDINGS, TITLE, TEXT = _("answer and its other wordings"), _("citation: title"), _("citation: text")
FRAGMENT_TITLE, FRAGMENT_TEXT, SCORE = _("fragment: title"), _("fragment: text"), _("fragment: score")
FRAGMENT_ID = _("fragment: id at its source")
PAIRS = {
    "qa_pairs[].question": CONDITION,
    "qa_pairs[].short_answers[]": WORDINGS,
    "qa_pairs[].context": TEXT,
    "qa_pairs[].wikipage": TITLE,
}
PLAIN = {
    "id": _("question: id"),
    "question": QUESTION,
    "tags": _("question: tags"),
    "tags[]": _("question: tags"),
    "source_dataset": _("question: source data set"),
    "source_id": _("question: id in its source"),
    "source_split": _("question: split in its source"),
    "licence": _("question: licence"),
    "split": _("question: split"),
}
# What every member may read. Anything else, also what is only kept, may be somebody's annotation or tell of one.
OF_QUESTIONS = (*PLAIN.values(), FRAGMENT_TITLE, FRAGMENT_TEXT, SCORE, FRAGMENT_ID)
BECOMES: Mapping[str, Mapping[str, Promise]] = {
    "plain": PLAIN,
    "condambigqa": {
        "id": _("question: id"),
        "question": QUESTION,
        "annotator": _("pseudonym of a person"),
        "properties[].condition": CONDITION,
        "properties[].groundtruth": ANSWER,
        "properties[].groundtruth[]": _("answers, all required"),
        "properties[].citations[].title": TITLE,
        "properties[].citations[].text": TEXT,
        "ctxs[].title": FRAGMENT_TITLE,
        "ctxs[].text": FRAGMENT_TEXT,
        "ctxs[].score": SCORE,
    },
    "labeller": {
        "Ambiguous Question": QUESTION,
        "Ambiguity": _("verdict"),
        "Property[].Concept": CONDITION,
        "Property[].Concept2[]": _("answers, all required"),
        "Property[].citation[].Title": TITLE,
        "Property[].citation[].Text": TEXT,
    },
    "ambignq": {
        "id": _("question: id"),
        "question": QUESTION,
        "annotations[].answer[]": WORDINGS,
        "annotations[].qaPairs[].question": CONDITION,
        "annotations[].qaPairs[].answer[]": WORDINGS,
    },
    "asqa": {"ambiguous_question": QUESTION, **PAIRS},
    "alce": {
        "sample_id": _("question: id"),
        "id": _("question: id"),
        "question": QUESTION,
        "docs[].id": FRAGMENT_ID,
        "docs[].title": FRAGMENT_TITLE,
        "docs[].text": FRAGMENT_TEXT,
        "docs[].score": SCORE,
        **PAIRS,
    },
}


@dataclass(slots=True)
class Found:
    """A field: its path with ``[]`` for any place of a list, what it becomes, how often it stands there, and a value.

    ``becomes`` is empty where the field is only kept, and given back by the exports.
    """

    path: str
    becomes: str
    number: int = 0
    example: str = ""

    def note(self, value: Any) -> None:
        self.number += 1
        if not self.example and value not in (None, ""):
            text = " ".join(str(value)[: LONGEST_EXAMPLE * 2].split())
            self.example = text if len(text) <= LONGEST_EXAMPLE else f"{text[: LONGEST_EXAMPLE - 1]}…"


def fields_found(
    path: Path, name: str, shape: str, mapping: Mapping[str, str] = NOTHING_MAPPED
) -> list[dict[str, Any]]:
    """Return the fields of the file's first records, in the order in which they first stand there.

    Those of a table are its columns, under the names that they have in the file.
    """
    found: dict[str, Found] = {}
    known = known_fields(shape, mapping)
    try:
        for raw in islice(records(path, name), RECORDS_READ):
            for place, value in leaves(raw.value):
                if place in found or len(found) < MOST_FIELDS:
                    found.setdefault(place, Found(place, str(known.get(place, "")))).note(value)
    except Unreadable:
        pass
    return [asdict(field) for field in found.values()]


def known_fields(shape: str, mapping: Mapping[str, str]) -> dict[str, Promise | str]:
    """Return what the fields of a shape become, under their paths, or its columns where a mapping names them."""
    return {**BECOMES.get(shape, {}), **{column: PLAIN.get(field, "") for column, field in mapping.items()}}


def without_work(fields: list[dict[str, Any]], shape: str, mapping: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the fields as they were found, with examples of those alone that tell of questions and fragments."""
    known = known_fields(shape, mapping)
    return [field if known.get(field["path"], "") in OF_QUESTIONS else field | {"example": ""} for field in fields]


def leaves(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the path and value of everything in a record that is neither an object nor a list."""
    if isinstance(value, dict) and depth < 6:
        keyed = asqa_group(value) if not path else None
        for key, item in (keyed or value).items():
            yield from leaves(item, f"{path}.{key}".lstrip("."), depth + 1)
    elif isinstance(value, list) and depth < 6:
        for item in value:
            yield from leaves(item, f"{path}[]", depth + 1)
    else:
        yield path, value


def asqa_group(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return the record within ``{group: {id: record}}``, None for any other shape."""
    inner = next(iter(value.values())) if len(value) == 1 else None
    record = next(iter(inner.values())) if isinstance(inner, dict) and len(inner) == 1 else None
    return record if isinstance(record, dict) and "ambiguous_question" in record else None
