"""A wiki's XML dump: ``…-pages-articles-multistream.xml.bz2``, unpacked or packed otherwise.

Articles become passages. Redirects, pages of other namespaces than the articles', pages that are no wikitext and empty
ones give none; a disambiguation page is an article like others, and what makes a question ambiguous often stands there.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from retrieval.corpora.elements import Elements, Wiki, elements_of
from retrieval.corpora.packing import Unpacked
from retrieval.corpora.pages import Page
from retrieval.corpora.place import START, Place, Step
from retrieval.corpora.record import LARGEST_ID, MOST_BYTES, CorpusError
from retrieval.corpora.wikitext import sections
from retrieval.fragments import NewFragment

LONGEST_HEAD = 1_000_000
FIRST, LAST, END = b"<page>", b"</page>", b"</mediawiki>"


def read_dump(path: Path, start: Place) -> Iterator[Step]:
    """Yield the passages of each page of a dump, none of those that are left out.

    Each page is parsed by itself and may declare nothing, so that no entity can be defined, let alone expanded.
    """
    wiki = wiki_of(path)
    with Unpacked(path, start) as file:
        for number, (position, page) in enumerate(pages(file, path, start.position), start.record + 1):
            yield Step(file.place(number, position), fragments_of(page, wiki, f"{path}: page {number:,}"))


def wiki_of(path: Path) -> Wiki:
    """Read what stands before the first page: the wiki's address and the names of its namespaces."""
    head = b""
    with Unpacked(path, START) as file:
        while FIRST not in head and len(head) < LONGEST_HEAD and (more := file.read()):
            head += more
    head = head.partition(FIRST)[0].partition(END)[0]
    if b"<mediawiki" not in head:
        raise CorpusError(f"{path}: byte 0: is no dump of a wiki: <mediawiki> is missing")
    try:
        return Wiki.of(elements_of(head + END))
    except expat.ExpatError as error:
        raise CorpusError(f"{path}: before page 1: is no XML that can be read: {error}") from error


def pages(file: Unpacked, path: Path, position: int) -> Iterator[tuple[int, bytes]]:
    """Yield the pages of a dump, each with the unpacked position after it."""
    buffer, searched = bytearray(), 0
    while True:
        end = buffer.find(LAST, searched)
        if end >= 0:
            end += len(LAST)
            begin = buffer.find(FIRST, 0, end)
            page = bytes(buffer[begin if begin >= 0 else 0 : end])
            del buffer[:end]
            searched, position = 0, position + end
            yield position, page
        elif len(buffer) > MOST_BYTES:
            raise CorpusError(f"{path}: byte {position:,}: the record is longer than {MOST_BYTES:,} bytes")
        elif more := file.read():
            searched = max(0, len(buffer) - len(LAST))
            buffer += more
        elif END not in buffer:
            raise CorpusError(f"{path}: byte {position + len(buffer):,}: ends before </mediawiki>: the file is cut off")
        else:
            return


def fragments_of(page: bytes, wiki: Wiki, place: str) -> list[NewFragment]:
    """Return the passages of a page; none where it is left out."""
    try:
        found = elements_of(page)
    except expat.ExpatError as error:
        raise CorpusError(f"{place}: is no XML that can be read: {error}") from error
    if "page/redirect" in found or found.get("page/ns", "0") != "0" or not is_wikitext(found):
        return []
    revision = whole_number(found, "page/revision/id", place)
    article = Page(found.get("page/title", ""), whole_number(found, "page/id", place), revision, wiki.site)
    return article.fragments(sections(found.get("page/revision/text", ""), wiki.unread))


def is_wikitext(found: Elements) -> bool:
    return found.get("page/revision/model", "wikitext") == "wikitext"


def whole_number(found: Elements, name: str, place: str) -> int | None:
    """Return an element's number."""
    text = found.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or not int(text[:20]) <= LARGEST_ID:
        raise CorpusError(f"{place}: {name.removeprefix('page/')}: must be a whole number up to {LARGEST_ID}")
    return int(text)
