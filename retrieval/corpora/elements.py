"""The elements of a small piece of XML that may declare nothing."""

import re
from typing import NamedTuple, Self
from xml.parsers import expat

from retrieval.corpora.wikitext import ALWAYS_NAMED

# Text by the path of its element, such as "page/revision/text"; of elements of one path, that of the last.
Elements = dict[str, str]
UNREAD_NAMESPACES = {"-2", "6", "14"}  # media, files, categories
ADDRESS = re.compile(r"https?://[A-Za-z0-9.:-]+")


class Wiki(NamedTuple):
    """The wiki that a dump is of: its address, and the names of the namespaces whose links are not read."""

    site: str
    unread: frozenset[str]

    @classmethod
    def of(cls, head: Elements) -> Self:
        """Return what the head of a dump says of the wiki."""
        address = ADDRESS.match(head.get("mediawiki/siteinfo/base", ""))
        names = {name.lower() for path, name in head.items() if path.partition("@")[2] in UNREAD_NAMESPACES}
        return cls(address[0] if address else "", ALWAYS_NAMED | names)


class Collector:
    """Gathers the elements that a parser comes by."""

    def __init__(self) -> None:
        self.found: Elements = {}
        self.path: list[str] = []
        self.text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(f"{name}@{attributes['key']}" if name == "namespace" and "key" in attributes else name)
        self.text = []

    def end(self, _name: str) -> None:
        self.found["/".join(self.path)] = "".join(self.text)
        self.path.pop()
        self.text = []

    def character_data(self, text: str) -> None:
        self.text.append(text)


def elements_of(xml: bytes) -> Elements:
    """Return the elements of a piece of XML.

    Raises ``ExpatError`` for what is no XML, and for a document type: without one there are no entities to expand.
    """
    collector = Collector()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.character_data
    parser.StartDoctypeDeclHandler = refused
    parser.Parse(xml, True)
    return collector.found


def refused(*_of: object) -> None:
    """Refuse a document type."""
    raise expat.ExpatError("it declares a document type, which no dump does")
