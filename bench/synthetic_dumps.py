"""Corpus files made up for measuring and for tests, in every format that is read, with the warts of the real ones.

    python -m bench.synthetic_dumps FILE [--pages 200000] [--cut 100]

The ending of FILE decides the format; 200,000 pages give about a million fragments. Of every forty pages of a dump one
each is a redirect, a talk page, a template, empty, a style sheet, and one ends in markup that is never closed; the
others have an infobox of nested templates, tables, references, files, comments, lists and categories. The thousandth is
huge.
``--cut`` leaves off the last bytes, as a download that broke off.
"""

import argparse
import bz2
import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from bench.synthetic import SYLLABLES

PAGES_OF_A_STREAM = 100
HUGE, HUGE_LINES = 1_000, 500
KINDS = {3: "redirect", 7: "talk", 11: "template", 17: "empty", 23: "style", 29: "unclosed"}
NAMESPACES = {"talk": 1, "template": 10}
SITE = "https://en.wikipedia.org"
HEAD = f"""<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">
  <siteinfo>
    <sitename>Wikipedia</sitename>
    <dbname>enwiki</dbname>
    <base>{SITE}/wiki/Main_Page</base>
    <namespaces>
      <namespace key="-2" case="first-letter">Media</namespace>
      <namespace key="0" case="first-letter" />
      <namespace key="6" case="first-letter">Bild</namespace>
      <namespace key="14" case="first-letter">Kategorie</namespace>
    </namespaces>
  </siteinfo>
"""
FOOT = "</mediawiki>\n"
FURNITURE = """{{Short description|made up}}
{{Infobox thing
| name = {{nowrap|{{lang|la|nihil}}}}
| part = [[Part]]<ref name="a">{{cite web|url=http://a.example/?b=1&c=2|title=A}}</ref>
}}
[[Bild:A.jpg|thumb|upright|A [[caption]] with ''style''.]]
<!-- nobody reads this -->
"""
TABLE = '{| class="wikitable sortable"\n! one !! two\n|-\n| [[a]] || 1\n|-\n| b || {{n|2}}\n|}\n'
END = "{{Reflist}}\n[[Kategorie:Things]]\n[[Category:More things]]\n"
UNCLOSED = "{{Navbox\n| list = <ref>never\n| [[half a link\n{| class=x\n| cell\n"


class Article(NamedTuple):
    """A page: its sections as heading and lines of plain text, one sentence or more in each line."""

    number: int
    title: str
    kind: str
    sections: list[tuple[str, list[str]]]

    @property
    def revision(self) -> int:
        return 1_000_000 + self.number

    def plain(self) -> list[tuple[str, str]]:
        """Return what a reader of the page reads, by section; nothing of a page that is no article."""
        return [(heading, "\n".join(lines)) for heading, lines in self.sections if self.kind in ("", "unclosed")]

    def wikitext(self) -> str:
        """Return the page as its authors wrote it."""
        if self.kind in ("redirect", "empty"):
            return {"redirect": "#REDIRECT [[Elsewhere]]", "empty": ""}[self.kind]
        parts = [FURNITURE]
        for heading, lines in self.sections:
            parts.append(f"\n== {heading} ==\n" if heading else "")
            mark = "* " if self.number % 3 == 0 and heading else ""
            parts.extend(f"{mark}{marked(line)}\n{'' if mark else chr(10)}" for line in lines)
            parts.append(TABLE if self.number % 2 else "")
        return "".join([*parts, UNCLOSED if self.kind == "unclosed" else "", END])


def marked(line: str) -> str:
    """Return a line with links, emphasis, references, comments and entities, which reads the same."""
    words = line.split(" ")
    for place, word in enumerate(words):
        if place % 9 == 2:
            words[place] = f"[[Some page#part|{word}]]"
        elif place % 17 == 5:
            words[place] = f"'''''{word}'''''"
        elif place % 23 == 7:
            words[place] = f'{word}<ref name="b">{{{{cite book|title=B}}}} p. 4</ref>'
        elif place % 29 == 11:
            words[place] = f"{word}<!-- sic -->{{{{citation needed|date=May 2024}}}}"
    return " ".join(words).replace("–", "&ndash;")


def sentences(dice: random.Random, count: int = 3_000) -> list[str]:
    """Return sentences of 8 to 30 made-up words."""
    words = ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(20_000)]
    made = (dice.choices(words, k=dice.randint(8, 30)) for _ in range(count))
    return [" ".join(chosen).capitalize() + dice.choice([".", ".", "?", " – so."]) for chosen in made]


def articles(count: int, seed: int = 7) -> Iterator[Article]:
    """Yield pages numbered from 1, the same for the same seed; no two lines of theirs are alike."""
    dice = random.Random(seed)
    known = sentences(dice)
    for number in range(1, count + 1):
        size = HUGE_LINES if number == HUGE else 3
        lines = [
            [f"Fact {number}:{section}:{line} is here. {' '.join(dice.choices(known, k=3))}" for line in range(size)]
            for section in range(dice.randint(2, 4))
        ]
        headings = ["", *(f"Part {section}" for section in range(1, len(lines)))]
        kind = KINDS.get(number % 40, "")
        yield Article(number, f"Page {number}", kind, list(zip(headings, lines, strict=True)))


def page(article: Article) -> str:
    """Return a page of an XML dump."""
    text = escape(article.wikitext())
    return f"""  <page>
    <title>{escape(article.title)}</title>
    <ns>{NAMESPACES.get(article.kind, 0)}</ns>
    <id>{article.number}</id>
{'    <redirect title="Elsewhere" />' if article.kind == "redirect" else ""}
    <revision>
      <id>{article.revision}</id>
      <parentid>5</parentid>
      <contributor><username>Ann &amp; Bo</username><id>3</id></contributor>
      <model>{"css" if article.kind == "style" else "wikitext"}</model>
      <text bytes="{len(text)}" xml:space="preserve">{text}</text>
    </revision>
  </page>
"""


def dump_parts(pages: Iterable[Article]) -> Iterator[str]:
    """Yield an XML dump in the pieces that a multistream file packs one by one."""
    yield HEAD
    rest = iter(pages)
    while some := list(islice(rest, PAGES_OF_A_STREAM)):
        yield "".join(map(page, some))
    yield FOOT


def cirrus_parts(pages: Iterable[Article]) -> Iterator[str]:
    """Yield a CirrusSearch dump: two lines to a page."""
    for article in pages:
        if article.kind == "redirect":
            continue
        text = " ".join(line for _, lines in article.sections for line in lines) if article.kind != "empty" else ""
        values = {"namespace": NAMESPACES.get(article.kind, 0), "title": article.title, "text": text, "wiki": "enwiki"}
        values |= {"version": article.revision, "redirect": [{"namespace": 0, "title": "Also"}], "opening_text": None}
        yield json.dumps({"index": {"_type": "_doc", "_id": str(article.number)}}) + "\n"
        yield json.dumps(values, ensure_ascii=False) + "\n"


def rows(pages: Iterable[Article]) -> Iterator[dict[str, object]]:
    """Yield a passage for each line of each article, as files of ready passages have them."""
    lines = ((one, line) for one in pages if not one.kind for _, lines in one.sections for line in lines)
    for number, (article, line) in enumerate(lines, start=1):
        yield {"id": str(number), "title": f'{article.title} "so"', "text": line, "page_id": article.number}


def jsonl_parts(pages: Iterable[Article]) -> Iterator[str]:
    return (json.dumps(row) + "\n" for row in rows(pages))


def tsv_parts(pages: Iterable[Article]) -> Iterator[str]:
    """Yield DPR's table: texts in quotes, titles where they hold one, quotes doubled."""
    yield "id\ttext\ttitle\n"
    for row in rows(pages):
        quoted = (str(row[name]).replace('"', '""') for name in ("text", "title"))
        yield "\t".join([str(row["id"]), *(f'"{cell}"' for cell in quoted)]) + "\n"


PARTS: dict[str, Callable[[Iterable[Article]], Iterator[str]]] = {
    ".xml": dump_parts,
    ".json": cirrus_parts,
    ".jsonl": jsonl_parts,
    ".tsv": tsv_parts,
}


def write_parquet(path: Path, pages: Iterable[Article]) -> None:
    """Write a Parquet file of many groups of rows."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    columns = {"id": pa.string(), "title": pa.string(), "text": pa.string(), "page_id": pa.int64()}
    rest = rows(pages)
    with ParquetWriter(path, pa.schema(columns), write_page_checksum=True) as writer:
        while some := list(islice(rest, 1_000)):
            writer.write_table(pa.Table.from_pylist(some, writer.schema))


def write(path: Path, pages: Iterable[Article]) -> Path:
    """Write a corpus file in the format and packing that its name asks for; bzip2 a stream for every part."""
    if path.suffix == ".parquet":
        write_parquet(path, pages)
        return path
    packing = path.suffix if path.suffix in (".gz", ".bz2") else ""
    parts = PARTS[Path(path.name.removesuffix(packing)).suffix](pages)
    with gzip.open(path, "wb", 6) if packing == ".gz" else path.open("wb") as file:
        for part in parts:
            file.write(bz2.compress(part.encode()) if packing == ".bz2" else part.encode())
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=200_000)
    parser.add_argument("--cut", type=int, default=0, metavar="BYTES")
    options = parser.parse_args()
    write(options.file, articles(options.pages))
    if options.cut:
        with options.file.open("r+b") as file:
            file.truncate(options.file.stat().st_size - options.cut)


if __name__ == "__main__":
    main()
