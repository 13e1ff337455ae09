"""Wikitext as running text, section by section: what a reader of the page would read, and no more.

Templates, tables, references, files, categories and comments go, and so do formulas and the like, which are no text.
Links and formatting leave their text. Lists keep their lines. Wikitext is never wrong, so what is left of markup that
was not closed is cleared away after parsing.
"""

import html
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mwparserfromhell.nodes import ExternalLink, Heading, HTMLEntity, Node, Tag, Text, Wikilink
from mwparserfromhell.parser.builder import Builder
from mwparserfromhell.wikicode import Wikicode

from retrieval.corpora.wikitokens import tokenized, worth_building

BREAKS = frozenset("br hr li p dd dt div blockquote".split())
ALWAYS_NAMED = frozenset({"file", "image", "media", "category"})
BETWEEN_HEADINGS = " › "
# The parser's time grows with the square of what is left open; real pages leave a handful.
MOST_OPEN = 50

OPENED_TAG = re.compile(r"<[A-Za-z]")
CLOSED_TAG = re.compile(r"</[A-Za-z]|/>|<(?:br|hr|wbr)\b", re.IGNORECASE)
HEADING_LINE = re.compile(r"^(={1,6})\s*(.+?)\s*\1[ \t]*$", re.MULTILINE)

FORMATTING = re.compile(r"'{2,}|__[A-Z]{3,}__|</?[A-Za-z][^<>\n]{0,500}>|<!--|-->|\[\[|\]\]|\{\{\{?|\}\}\}?")
MARKUP_LINE = re.compile(r"^[ \t]*(?:\{\||\||\{\{[^}\n]*$).*$", re.MULTILINE)
LIST_MARK = re.compile(r"^[*#:;]+[ \t]*", re.MULTILINE)
EMPTY_BRACKETS = re.compile(r"[ \t]?[(（][\s,;:]*[)）]")
OPENING_REST = re.compile(r"(?<=[(（])[\s,;:]+")
SPACES = re.compile(r"[^\S\n]+")
SPACE_BEFORE_STOP = re.compile(r" +(?=[,.](?:\s|$))")
LINE_ENDS = re.compile(r" ?\n\s*")


class Section(NamedTuple):
    """A heading, behind those above it, and the text below it; the lead of a page has the heading “”."""

    heading: str
    text: str


def sections(wikitext: str, unread: frozenset[str] = ALWAYS_NAMED) -> Iterator[Section]:
    """Yield the sections of a page that have text.

    ``unread`` holds the names, in lower case, of the namespaces whose links show a file or sort the page.
    """
    path: list[tuple[int, str]] = []
    for level, heading, raw in parts(wikitext, unread):
        path = [above for above in path if above[0] < level]
        if level:
            path.append((level, heading))
        text = tidied(raw)
        if text:
            yield Section(BETWEEN_HEADINGS.join(name for _, name in path), text)


def parts(wikitext: str, unread: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    """Yield level, heading and untidied text of each section; the lead is of level 0."""
    level, heading, text = 0, "", list[str]()
    for node in nodes_of(wikitext):
        if isinstance(node, Heading):
            yield level, heading, "".join(text)
            level, heading, text = node.level, tidied(text_of(node.title, unread)).replace("\n", " "), []
        else:
            text.append(text_of_node(node, unread))
    yield level, heading, "".join(text)


def nodes_of(wikitext: str) -> Iterator[Node]:
    """Yield the nodes of a page, of one that leaves far too much open its text and headings alone."""
    if left_open(wikitext) <= MOST_OPEN:
        built = Builder().build(worth_building(tokenized(wikitext)))  # type: ignore[no-untyped-call]
        yield from built.nodes
        return
    end = 0
    for found in HEADING_LINE.finditer(wikitext):
        yield Text(wikitext[end : found.start()])
        yield Heading(Wikicode([Text(found[2])]), len(found[1]))
        end = found.end()
    yield Text(wikitext[end:])


def left_open(wikitext: str) -> int:
    """Return how much more is opened than closed, of the kind of markup of which that is most."""
    tags = len(OPENED_TAG.findall(wikitext)) - len(CLOSED_TAG.findall(wikitext))
    return max(tags, *(wikitext.count(one) - wikitext.count(other) for one, other in ("{}", "[]", ("<!--", "-->"))))


def text_of(code: Wikicode | None, unread: frozenset[str]) -> str:
    """Return the text of parsed wikitext, untidied."""
    return "".join(text_of_node(node, unread) for node in code.nodes) if code else ""


def text_of_node(node: Node, unread: frozenset[str]) -> str:
    """Return the text of a node."""
    return SHOWN[type(node)](node, unread)


def text_of_text(node: Text, _unread: frozenset[str]) -> str:
    return node.value


def text_of_entity(node: HTMLEntity, _unread: frozenset[str]) -> str:
    return html.unescape(str(node))


def text_of_link(node: Wikilink, unread: frozenset[str]) -> str:
    """Return what a link within the wiki shows; of files and categories, nothing."""
    title = str(node.title).strip()
    namespace, colon, _ = title.partition(":")
    if colon and namespace.strip().lower() in unread:
        return ""
    return text_of(node.text, unread) if node.text is not None else title.removeprefix(":")


def text_of_external(node: ExternalLink, unread: frozenset[str]) -> str:
    """Return what a link to another site shows; a bare number in brackets is nothing."""
    return text_of(node.title, unread) if node.brackets else str(node.url)


def text_of_tag(node: Tag, unread: frozenset[str]) -> str:
    name = str(node.tag).strip().lower()
    if node.wiki_markup and node.self_closing:
        return ""  # the mark of a list's item, whose text follows
    inner = "" if node.self_closing else text_of(node.contents, unread)
    return f"\n{inner}\n" if name in BREAKS else inner


SHOWN: dict[type[Node], Callable[..., str]] = {
    Text: text_of_text,
    HTMLEntity: text_of_entity,
    Wikilink: text_of_link,
    ExternalLink: text_of_external,
    Tag: text_of_tag,
}


def tidied(text: str) -> str:
    """Return text without rests of markup, brackets that a template left empty, and needless white space."""
    text = FORMATTING.sub("", MARKUP_LINE.sub("", text))
    text = SPACES.sub(" ", LIST_MARK.sub("", text))
    text = OPENING_REST.sub("", EMPTY_BRACKETS.sub("", text))
    return LINE_ENDS.sub("\n", SPACE_BEFORE_STOP.sub("", text)).strip()
