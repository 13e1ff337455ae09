"""A wiki's search index as CirrusSearch dumps it: ``…-cirrussearch-content.json.gz``.

Each page takes two lines, what is to be done (``{"index": {"_id": …}}``) and the page itself. Its text is already
plain, and so much faster to read than an XML dump, but it has no headings: sections are unknown.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from retrieval.corpora.lines import Lines, json_object
from retrieval.corpora.pages import Page
from retrieval.corpora.place import Place, Step
from retrieval.corpora.record import LARGEST_ID, CorpusError, Record
from retrieval.fragments import NewFragment

# The name of a Wikipedia in dumps: enwiki, zh_min_nanwiki. Wikis for all languages end in the same way.
WIKIPEDIA = re.compile(r"(?!commons|meta|species|wikidata|sources|media|incubator)([a-z][a-z_]{1,20})wiki")


def read_cirrus(path: Path, start: Place) -> Iterator[Step]:
    """Yield the passages of each page of a dump, none of pages outside of the articles' namespace and of empty ones."""
    with Lines(path, start) as lines:
        for line in lines:
            if not line.strip():
                continue
            page_id = page_to_index(line, path, lines.number)
            page = next(lines, None)
            if page is None:
                raise CorpusError(f"{path}: line {lines.number}: is followed by no page: the file is cut off")
            record = Record(path, f"line {lines.number}", json_object(page, path, lines.number))
            yield Step(lines.place(), fragments_of(record, page_id))


def page_to_index(line: str, path: Path, number: int) -> int | None:
    """Return the page id that the first of two lines names."""
    action = json_object(line, path, number).get("index")
    if not isinstance(action, dict):
        raise CorpusError(f"{path}: line {number}: index: is missing; a CirrusSearch dump has it on every other line")
    page_id = str(action.get("_id", ""))
    return int(page_id) if page_id.isascii() and page_id.isdigit() and int(page_id[:20]) <= LARGEST_ID else None


def fragments_of(record: Record, page_id: int | None) -> list[NewFragment]:
    """Return the passages of a page; none where it is no article."""
    text = record.optional_text("text") or ""
    if record.values.get("namespace", 0) != 0:
        return []
    wiki = WIKIPEDIA.fullmatch(record.optional_text("wiki") or "")
    site = f"https://{wiki[1].replace('_', '-')}.wikipedia.org" if wiki else ""
    page = Page(record.text("title"), page_id, record.whole_number("version", LARGEST_ID), site)
    return page.fragments([(None, text)])
