"""The CondAmbigQA data set: conditions with a ground truth and citations, and the 20 fragments that were retrieved.

``{id, question, properties: [{condition, groundtruth, citations: [{title, text}], reason?}],
ctxs: [{title, text, score}]}``; without ``properties``, questions with their fragments only. Our own export marks a
citation of what somebody added to the list by ``supplementary: true``, and names the ``annotator`` of people's work;
under that key, everything else is kept as others' own.
"""

from collections.abc import Mapping
from typing import Any

from annotator.exchange.shapes.keeping import MISSING, extra_of, id_of, score_of
from annotator.reading import LONGEST_TEXT, Node, kind
from annotator.record import (
    Annotation,
    Answer,
    Authored,
    Citation,
    Condition,
    Fragment,
    ListedFragment,
    Question,
    Retrieval,
)

NAME = "condambigqa"
LABEL = "CondAmbigQA"
REFUSED = ""
MACHINE_KEYS = ("condition_citations", "answer_citations")


def recognises(raw: Mapping[str, Any]) -> bool:
    return "question" in raw and ("properties" in raw or "ctxs" in raw)


def read(node: Node) -> Question:
    external_id, id_form = id_of(node, "id")
    text = node.string("question", blank=False)
    annotations = annotations_of(node)
    return Question(
        text=text,
        external_id=external_id,
        retrieval=retrieval_of(node, "ctxs", text),
        annotations=annotations,
        extra=extra_of(node, id=id_form, ctxs="empty" if node.value.get("ctxs") == [] else None),
    )


def annotations_of(node: Node) -> tuple[Authored, ...]:
    """Return the annotation under ``properties``: gold, or that of the ``annotator`` whom our own export names."""
    if "properties" not in node.value:
        return ()
    conditions = tuple(condition_of(part) for part in node.nodes("properties"))
    author = node.string("annotator", blank=False, longest=80) if "annotator" in node.value else None
    return (Authored(Annotation(conditions=conditions), author),)


def condition_of(node: Node) -> Condition:
    for key in MACHINE_KEYS:
        if key in node.value:
            node.complain(key, "belongs to a machine's annotation; import_predictions --as draft takes those")
    answers, form = answers_of(node)
    return Condition(
        text=node.string("condition"),
        answers=answers,
        citations=tuple(citation_of(part) for part in node.nodes("citations", ())),
        extra=extra_of(node, groundtruth=form, citations=None if "citations" in node.value else MISSING),
    )


def answers_of(node: Node) -> tuple[tuple[Answer, ...], str | None]:
    """Return the answers, and the form they came in where their number does not tell it."""
    value = node.get("groundtruth", None)
    if value is None:
        return (), "null" if "groundtruth" in node.value else MISSING
    if isinstance(value, str):
        return (Answer(text=node.string("groundtruth")),), None
    if not isinstance(value, list):
        node.complain("groundtruth", f"is {kind(value)}; a string or a list of strings is expected")
        return (), None
    return tuple(Answer(text=text) for text in node.strings("groundtruth")), "list" if len(value) == 1 else None


def citation_of(node: Node) -> Citation:
    if "title" not in node.value and "text" not in node.value:
        node.complain("", "cites neither a title nor a text")
    return Citation(
        title=node.string("title") if "title" in node.value else None,
        text=node.string("text") if "text" in node.value else None,
        supplementary=node.value.get("supplementary") is True and node.boolean("supplementary"),
        extra=extra_of(node, **{key: MISSING for key in ("title", "text") if key not in node.value}),
    )


def retrieval_of(node: Node, key: str, query: str) -> Retrieval | None:
    """Return the ranked list under ``key``, None where there is none or it is empty."""
    listed = tuple(listed_of(part) for part in node.nodes(key, ()))
    return Retrieval(query=query, listed=listed, k=len(listed)) if listed else None


def listed_of(node: Node) -> ListedFragment:
    value = node.value
    title, text, score = value.get("title"), value.get("text"), value.get("score")
    if type(title) is type(text) is str and type(score) is float and len(value) == 3 and plain(title, text, score):
        return ListedFragment(Fragment(title, text), score)
    score, form = score_of(node)
    fragment = Fragment(title=node.string("title", ""), text=node.string("text"))
    extra = extra_of(node, score=form, title=None if "title" in node.value else MISSING)
    return ListedFragment(fragment, score, extra)


def plain(title: str, text: str, score: float) -> bool:
    """Return whether a line is as nearly all are; the stream has already found NUL and surrogates that are escaped."""
    return len(title) <= LONGEST_TEXT >= len(text) and score - score == 0 and "\0" not in title and "\0" not in text
