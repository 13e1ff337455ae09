"""What a system answered: its published outputs, and our own plain shape, of which those are a case.

``{id, conditions: [{condition, answer | answers, citations}]}``, and if wanted ``batch``, ``question``, ``verdict``,
``reason``, ``sample`` and ``retrieval: [{title, text, score}]``, the list that the system saw. Outputs without
conditions have ``generated_answers: [{answer, citations}]``. A condition may also be one of our own records (``text``).

An answer is a text, an object of texts, or a list of such; a citation is a number, a text such as "Fragment 3", a
``{title, text}``, or one of our own records (``rank``). What cannot be read as a citation is kept as it was written.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

from annotator.codec import choice, limit, read_citation, read_condition, unique
from annotator.exchange.shapes.condambigqa import citation_of, retrieval_of
from annotator.exchange.shapes.keeping import MISSING, extra_of, id_of
from annotator.reading import LARGEST_NUMBER, Node, flaw, flaws, kind
from annotator.record import Annotation, Answer, Citation, Condition, Prediction, Question, Role, Verdict

NAME = "predictions"
LABEL = "a system's predictions"
REFUSED = "holds what a system answered; import_predictions takes it"
KEYS = {"conditions", "generated_answers"}
ANSWERS = {"answer", "answers"}


def recognises(raw: Mapping[str, Any]) -> bool:
    """Return whether this is the object of a model's outputs, or one output of it."""
    lists = [value for value in raw.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    inner = bool(raw) and len(lists) == len(raw) and all(KEYS & part[0].keys() for part in lists)
    return inner or ("evaluations" in raw and bool(KEYS & raw.keys()))


def read(node: Node) -> Question:
    node.complain("", REFUSED)
    return Question(text="")


def predicted(node: Node) -> Prediction:
    """Return what the system says of the question of a record."""
    key = "conditions" if "conditions" in node.value else "generated_answers"
    form = {"conditions": key if key != "conditions" else None}
    conditions = tuple(condition_of(part) for part in node.nodes(key))
    verdict, reason = choice(node, "verdict", Verdict), node.string("reason", "")
    return prediction(node, Annotation(verdict=verdict, reason=reason, conditions=conditions), form)


def prediction(node: Node, annotation: Annotation, form: dict[str, Any]) -> Prediction:
    """Return what a record says besides its conditions; what nobody reads is kept with the annotation."""
    limit(node, "conditions", annotation.conditions)
    unique(node, "conditions", annotation.conditions)
    external_id, id_form = id_of(node, "id")
    question = node.string("question", "")
    if not external_id and not question.strip():
        node.complain("id", "is missing")
    batch, sample = node.string("batch", ""), node.integer("sample", 0)
    key = "retrieval" if "retrieval" in node.value else "ctxs"
    retrieval = retrieval_of(node, key, question)
    extra = extra_of(node, id=id_form, **form)
    annotation = Annotation(annotation.verdict, annotation.reason, "", annotation.conditions, extra)
    return Prediction(external_id, annotation, batch, question, sample or 0, retrieval)


def condition_of(node: Node) -> Condition:
    if "text" in node.value and "condition" not in node.value:
        return read_condition(node)
    only_one(node, ANSWERS)
    key = "answers" if "answers" in node.value else "answer"
    answers, form = answers_of(node, key)
    citations, cited_form = cited(node, "citations")
    for name, parts in ((key, answers), ("citations", citations)):
        limit(node, name, parts)
        unique(node, name, parts)
    text = node.optional_string("condition")
    given = "null" if "condition" in node.value else MISSING
    return Condition(
        text=text or "",
        answers=answers,
        citations=citations,
        extra=extra_of(node, **{key: form}, citations=cited_form, condition=None if text is not None else given),
    )


def only_one(node: Node, keys: Collection[str]) -> None:
    """Complain where an object says by several keys what is said by one of them."""
    given = [key for key in node.value if key in keys]
    for key in given[1:]:
        node.complain(key, f"stands beside “{given[0]}”; one of them is expected")
    node.read.update(given)


def answers_of(node: Node, key: str) -> tuple[tuple[Answer, ...], str | None]:
    """Return the answers, and the form they came in where it is not the usual one of the key."""
    value = node.get(key, None)
    if value is None:
        return (), "null" if key in node.value else MISSING
    if isinstance(value, list):
        given = tuple(answer_of(node, f"{key}[{place}]", part) for place, part in enumerate(value))
        return given, None if key == "answers" else "list"
    return (answer_of(node, key, value),), None if key == "answer" else kind(value)


def answer_of(node: Node, path: str, value: Any) -> Answer:
    """Return one answer; an object without a ``text`` is written out, and kept as it was beside that."""
    if isinstance(value, str):
        if found := flaw(value):
            node.complain(path, found)
        return Answer(text=value)
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        inner = Node(value, node.at(path), node.problems)
        return Answer(text=inner.string("text"), aliases=inner.strings("aliases"), extra=extra_of(inner))
    if value is None or isinstance(value, bool | list):
        node.complain(path, f"is {kind(value)}; a string or an object is expected")
        return Answer()
    if found_in := list(flaws(value, node.at(path))):
        node.problems.extend(found_in)
        return Answer()
    return Answer(text=words(value), extra={"shape": {"answer": value}})


def words(value: Any) -> str:
    """Return any JSON value in words, its keys before what they hold."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {words(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(words, value))
    return value if isinstance(value, str) else json.dumps(value)


def cited(node: Node, key: str, role: Role = Role.UNSTATED) -> tuple[tuple[Citation, ...], str | None]:
    """Return the citations under a key, and the form they came in where it is no list."""
    value = node.get(key, None)
    if value is None:
        return (), "null" if key in node.value else MISSING
    parts, form = (value, None) if isinstance(value, list) else ([value], kind(value))
    return tuple(one_cited(node, f"{key}[{place}]", part, role) for place, part in enumerate(parts)), form


def one_cited(node: Node, path: str, value: Any, role: Role) -> Citation:
    if isinstance(value, dict) and value.keys() & {"rank", "title", "text"}:
        inner = Node(value, node.at(path), node.problems)
        if "rank" in value:
            found = read_citation(inner)
            if found.answer is not None:
                inner.complain("answer", "names no answer of this condition")
            return found
        stated = choice(inner, "role", Role) or role
        found = citation_of(inner)
        return Citation(role=stated, title=found.title, text=found.text, extra=found.extra)
    if type(value) is int and abs(value) > LARGEST_NUMBER:
        return Citation(role=role, title=str(value))
    found_in = list(flaws(value, node.at(path)))
    node.problems.extend(found_in)
    if isinstance(value, str):
        return Citation(role=role, title=value)
    return Citation(role=role, title="" if found_in else json.dumps(value), extra={"shape": {"citation": value}})
