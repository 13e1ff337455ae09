"""The files of the CondAmbigQA authors' own labelling tool.

``[{"Ambiguous Question", "Property": [{"Concept": condition, "Concept2": [answers], "citation": [{"Title", "Text"}],
"Reason"}], "Answer", "Ambiguity"}]``. There are no ids and no fragments; ``Ambiguity`` is the verdict.
"""

from collections.abc import Mapping
from typing import Any

from annotator.exchange.shapes.keeping import MISSING, extra_of
from annotator.reading import Node
from annotator.record import Annotation, Answer, Authored, Citation, Condition, Question, Verdict

NAME = "labeller"
LABEL = "the CondAmbigQA authors' labeller"
REFUSED = ""
VERDICTS = {
    "no ambiguity": Verdict.UNAMBIGUOUS,
    "cannot annotate": Verdict.CANNOT_ANNOTATE,
    "no answer in context": Verdict.UNANSWERABLE,
    "ambiguous question": Verdict.AMBIGUOUS,
}


def recognises(raw: Mapping[str, Any]) -> bool:
    return "Ambiguous Question" in raw


def read(node: Node) -> Question:
    verdict, form = verdict_of(node)
    conditions = tuple(condition_of(part) for part in node.nodes("Property", ()))
    annotation = Annotation(verdict=verdict, conditions=conditions, extra={"shape": form} if form else {})
    text = node.string("Ambiguous Question", blank=False)
    return Question(text=text, annotations=(Authored(annotation),), extra=extra_of(node))


def verdict_of(node: Node) -> tuple[Verdict | None, dict[str, Any]]:
    """Return the verdict, and the text it was read from where that is another spelling."""
    text = node.optional_string("Ambiguity")
    if text is None or not text.strip():
        return None, {"Ambiguity": text if "Ambiguity" in node.value else MISSING}
    verdict = VERDICTS.get(text.strip().casefold())
    if verdict is None:
        expected = ", ".join(name.title() for name in VERDICTS)
        node.complain("Ambiguity", f"is “{text[:40]}”; one of {expected} is expected")
    return verdict, {"Ambiguity": text}


def condition_of(node: Node) -> Condition:
    return Condition(
        text=node.string("Concept"),
        answers=tuple(Answer(text=text) for text in node.strings("Concept2")),
        citations=tuple(citation_of(part) for part in node.nodes("citation", ())),
        extra=extra_of(node),
    )


def citation_of(node: Node) -> Citation:
    if "Title" not in node.value and "Text" not in node.value:
        node.complain("", "cites neither a Title nor a Text")
    title = node.string("Title") if "Title" in node.value else None
    return Citation(title=title, text=node.string("Text") if "Text" in node.value else None, extra=extra_of(node))
