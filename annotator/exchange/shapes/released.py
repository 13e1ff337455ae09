"""Our own releases: a line of ``gold.SPLIT.jsonl`` whose fragments have been put in the place of their digests."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from annotator.codec import read_condition
from annotator.exchange.shapes.keeping import extra_of
from annotator.reading import Node
from annotator.record import (
    Annotation,
    Authored,
    Citation,
    Condition,
    Fragment,
    ListedFragment,
    Question,
    Retrieval,
    Verdict,
)

NAME = "released"
LABEL = "a release, or a trial of one"
REFUSED = ""
SAID = {"source_dataset": 200, "source_id": 200, "source_split": 50, "licence": 200, "split": 50}


def recognises(raw: Mapping[str, Any]) -> bool:
    return {"question", "conditions", "fragments", "split"} <= raw.keys()


def read(node: Node) -> Question:
    """Return the question with its gold. What it cites from a supplementary list stays as title and text."""
    listed, added = listed_in(node, "fragments"), listed_in(node, "supplementary")
    text = node.string("question", blank=False)
    verdict = node.optional_string("verdict")
    if verdict is not None and verdict not in set(Verdict):
        node.complain("verdict", f"is “{verdict[:40]}”; one of {', '.join(Verdict)} is expected")
        verdict = None
    conditions = tuple(condition_of(part, listed, added) for part in node.nodes("conditions"))
    return Question(
        text=text,
        external_id=node.string("id", blank=False, longest=200),
        retrieval=Retrieval(query=text, listed=listed, k=len(listed)) if listed else None,
        annotations=(Authored(Annotation(Verdict(verdict) if verdict else None, conditions=conditions)),),
        tags=node.strings("tags"),
        extra=extra_of(node),
        **{name: node.string(name, "", longest=longest) for name, longest in SAID.items()},
    )


def listed_in(node: Node, key: str) -> tuple[ListedFragment, ...]:
    """Return the fragments of a list. A digest alone is a problem: its text stands in another file."""
    parts = node.value.get(key)
    if isinstance(parts, list) and any(isinstance(part, str) for part in parts):
        node.complain(key, "holds digests alone; bring the release’s zip, or keep fragments.jsonl beside the file")
        node.read.add(key)
        return ()
    return tuple(ListedFragment(fragment_of(part)) for part in node.nodes(key, ()))


def fragment_of(node: Node) -> Fragment:
    return Fragment(
        title=node.string("title", ""),
        text=node.string("text"),
        source_id=node.optional_string("source_id"),
        page_id=node.integer("page_id"),
        revision_id=node.integer("revision_id"),
        url=node.optional_string("url"),
        section=node.optional_string("section"),
        offset=node.integer("offset"),
    )


def condition_of(node: Node, listed: tuple[ListedFragment, ...], added: tuple[ListedFragment, ...]) -> Condition:
    found = read_condition(node)
    known = len(node.problems)
    for index, citation in enumerate(found.citations):
        lines = added if citation.supplementary else listed
        if citation.rank is not None and citation.rank > len(lines):
            node.complain(f"citations[{index}].rank", f"is {citation.rank}, behind the end of the list")
        elif not stands(citation, lines):
            node.complain(f"citations[{index}].quote", "is not what stands from “start” to “end” of the fragment")
    if len(node.problems) > known:
        return found
    return replace(found, citations=tuple(moved(citation, added) for citation in found.citations))


def stands(citation: Citation, lines: tuple[ListedFragment, ...]) -> bool:
    """Return whether a citation's span holds its quote; one without a span may have none."""
    if citation.start is None or citation.end is None or citation.rank is None:
        return citation.start is None and citation.end is None
    return lines[citation.rank - 1].fragment.text[citation.start : citation.end] == citation.quote


def moved(citation: Citation, added: tuple[ListedFragment, ...]) -> Citation:
    """Return a citation of a supplementary list as title and text: an import brings the frozen list alone."""
    if not citation.supplementary or citation.rank is None:
        return citation
    fragment = added[citation.rank - 1].fragment
    text = citation.quote if citation.quote is not None else fragment.text
    bare = replace(citation, rank=None, start=None, end=None, quote=None)
    return replace(bare, title=fragment.title, text=text)
