"""Dumps of wikis and other large files: what they give, and that reading can begin at any place it had come to."""

import bz2
import gzip
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from bench.synthetic_dumps import FOOT, HEAD, Article, articles, dump_parts, page, write
from retrieval.corpora import START, CorpusError, Step, read_corpus
from retrieval.corpora import dump as reading
from retrieval.corpora.record import MOST_BYTES
from retrieval.corpora.wikitext import Section, sections
from tests.retrieval.files import fragments_in

PAGES = 130
NAMES = ["d.xml.bz2", "d.xml.gz", "d.xml", "d.json.gz", "d.json.bz2", "d.tsv.gz", "d.jsonl.bz2", "d.jsonl", "d.parquet"]
DUMPS = ["d.xml.bz2", "d.xml", "d.json.gz", "d.tsv.gz", "d.jsonl"]


@cache
def made(count: int) -> list[Article]:
    return list(articles(count))


@pytest.fixture
def dump(tmp_path):
    """Return a function that writes the same pages in the format of a name."""
    return lambda name, count=PAGES: write(tmp_path / name, made(count))


@cache
def read_before(*arguments: Any) -> list[Section]:
    return list(sections(*arguments))


@pytest.fixture(autouse=True)
def read_once(monkeypatch):
    """Parse the text of each page once for all tests, which ask where reading begins and ends."""
    monkeypatch.setattr(reading, "sections", read_before)


def refusal(path: Path) -> str:
    """Return the error of a file, without the folder."""
    with pytest.raises(CorpusError) as caught:
        fragments_in(path)
    return str(caught.value).removeprefix(f"{path.parent}/")


def before_the_fault(path: Path) -> list[Step]:
    """Return the steps of a file up to its fault."""
    steps: list[Step] = []
    with pytest.raises(CorpusError):
        steps.extend(read_corpus(path))
    return steps


def told(steps: Iterable[Step]) -> list:
    """Return what steps say but how far reading had run ahead."""
    return [(step.place.record, step.place.position, step.fragments) for step in steps]


def test_a_dump_gives_the_passages_of_articles_and_where_they_stand(dump):
    found = fragments_in(dump("d.xml.bz2"))
    plain = [one for one in made(PAGES) if one.plain()]
    assert {fragment.title for fragment in found} == {one.title for one in plain}
    first = next(fragment for fragment in found if fragment.title == "Page 2" and fragment.section == "Part 1")
    assert (first.page_id, first.revision_id, first.source_id) == (2, 1_000_002, None)
    assert first.url == "https://en.wikipedia.org/w/index.php?oldid=1000002"
    lead, part = (text for _, text in plain[1].plain()[:2])
    assert part.startswith(first.text)
    assert first.offset == len(lead) + 1


def test_every_packing_of_a_dump_gives_the_same(dump):
    assert fragments_in(dump("d.xml")) == fragments_in(dump("d.xml.gz")) == fragments_in(dump("d.xml.bz2"))


def test_a_cirrussearch_dump_gives_passages_without_sections(dump):
    found = fragments_in(dump("d.json.gz"))
    assert {one.title for one in made(PAGES) if one.kind in ("", "unclosed", "style")} == {x.title for x in found}
    assert {fragment.section for fragment in found} == {None}
    assert found[0].url == "https://en.wikipedia.org/w/index.php?oldid=1000001"


def test_a_table_and_parquet_give_a_fragment_for_every_row(dump):
    table, rows, lines = (fragments_in(dump(name)) for name in ("d.tsv.gz", "d.parquet", "d.jsonl"))
    assert [(one.title, one.text, one.source_id) for one in table] == [(x.title, x.text, x.source_id) for x in lines]
    assert rows == lines
    assert rows[0].page_id == 1


@pytest.mark.parametrize("name", NAMES)
def test_reading_goes_on_from_any_place_it_had_come_to(dump, name):
    path = dump(name)
    steps = list(read_corpus(path))
    for done in (1, len(steps) // 3, len(steps) - 1, len(steps)):
        assert told(read_corpus(path, steps[done - 1].place)) == told(steps[done:])


def test_a_multistream_dump_is_entered_at_the_stream_of_the_place(dump):
    path = dump("d.xml.bz2")
    last = list(read_corpus(path))[-1].place
    raw = path.read_bytes()
    assert raw[last.entry : last.entry + 3] == b"BZh"
    path.write_bytes(raw[:200] + b"\0" * 100 + raw[300:])  # what is not read again may be damaged
    assert last.entry > 300
    with pytest.raises(CorpusError):
        fragments_in(path)


@pytest.mark.parametrize("name", DUMPS)
def test_a_file_that_is_cut_off_gives_what_stands_before_and_names_the_place(dump, name):
    path = dump(name)
    whole, raw = list(read_corpus(path)), path.read_bytes()
    path.write_bytes(raw[: len(raw) * 9 // 10])
    steps = before_the_fault(path)
    assert 0 < len(steps) < len(whole)
    assert told(steps) == told(whole[: len(steps)])
    assert any(word in refusal(path) for word in ("byte ", "line ", "page "))
    path.write_bytes(raw)
    assert told(read_corpus(path, steps[-1].place)) == told(whole[len(steps) :])


def test_a_dump_that_is_cut_off_between_two_pages_or_streams_is_known_to_be(dump):
    path = dump("d.xml")
    whole = path.read_text()
    path.write_text(whole[: whole.rindex("</page>") + 7])
    assert refusal(path).endswith("ends before </mediawiki>: the file is cut off")
    parts = list(dump_parts(made(PAGES)))
    packed = dump("d.xml.bz2")
    packed.write_bytes(b"".join(bz2.compress(part.encode()) for part in parts[:-1]))
    assert "byte 9" in refusal(packed)


def test_of_a_damaged_stream_nothing_is_read(dump):
    path = dump("d.xml.bz2")
    raw = bytearray(path.read_bytes())
    second = list(read_corpus(path))[-1].place.entry
    raw[second + (len(raw) - second) // 2] ^= 0xFF
    path.write_bytes(raw)
    assert len(before_the_fault(path)) == 100
    assert refusal(path).startswith("d.xml.bz2: after page 100: cannot be unpacked: Invalid data stream")


def test_a_cirrussearch_dump_that_lacks_half_of_a_pair_is_named_by_line(dump):
    path = dump("d.json", 2)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:3]))
    assert refusal(path) == "d.json: line 3: is followed by no page: the file is cut off"
    path.write_text("".join(lines[1:]))
    assert refusal(path).startswith("d.json: line 1: index: is missing")


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<html><body>", "byte 0: is no dump of a wiki: <mediawiki> is missing"),
        (HEAD + FOOT, "holds no fragment"),
        (HEAD.replace("<siteinfo>", "<siteinfo><"), "before page 1: is no XML that can be read"),
        (HEAD + "<page><title>a</page>" + FOOT, "page 1: is no XML that can be read: mismatched tag"),
        (HEAD + "<page><!-- </page>" + FOOT, "page 1: is no XML that can be read"),
        (HEAD + "<page><title>&lol;</title></page>" + FOOT, "page 1: is no XML that can be read: undefined entity"),
        (HEAD + "<page><id>x</id></page>" + FOOT, "page 1: id: must be a whole number"),
        (
            HEAD + "<page><revision><id>9999999999999999999</id></revision></page>" + FOOT,
            "page 1: revision/id: ",
        ),
    ],
)
def test_what_is_no_dump_is_named(tmp_path, xml, message):
    path = tmp_path / "d.xml"
    path.write_text(xml)
    assert refusal(path).startswith(f"d.xml: {message}")


@pytest.mark.parametrize("place", ["head", "page"])
def test_entities_are_neither_defined_nor_expanded(tmp_path, place):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha"><!ENTITY e SYSTEM "file:///etc/passwd">{laughs}]>'
    article = page(next(articles(1)))
    parts = (doctype, HEAD, article) if place == "head" else (HEAD, article.replace("<page>", f"<page>{doctype}"))
    path = tmp_path / "d.xml"
    path.write_text("".join([*parts, FOOT]))
    assert "is no XML that can be read" in refusal(path)


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress], ids=["bz2", "gz"])
@pytest.mark.parametrize("name", ["d.xml", "d.jsonl", "d.json"])
def test_a_record_that_unpacks_to_gigabytes_is_refused_at_its_limit(tmp_path, name, pack, monkeypatch):
    bomb = HEAD.encode() + b"<page>" + b" " * (3 * MOST_BYTES)
    path = tmp_path / f"{name}.{'bz2' if pack is bz2.compress else 'gz'}"
    path.write_bytes(pack(bomb if name == "d.xml" else b" " * (3 * MOST_BYTES)))
    assert path.stat().st_size < 200_000
    assert f"the record is longer than {MOST_BYTES:,} bytes" in refusal(path)


def test_parquet_is_read_by_groups_of_rows_from_the_one_of_the_place(dump):
    path = dump("d.parquet", 400)
    steps = list(read_corpus(path))
    later = steps[2_000].place
    raw = bytearray(path.read_bytes())
    raw[100:200] = bytes(100)  # within the first group
    path.write_bytes(raw)
    assert told(read_corpus(path, later)) == told(steps[2_001:])
    assert refusal(path).startswith("d.parquet: after row 0: cannot be unpacked: could not verify page integrity")


def test_parquet_names_what_it_lacks(tmp_path, monkeypatch):
    path = tmp_path / "d.parquet"
    path.write_bytes(b"PAR1 and no more")
    assert refusal(path).startswith("d.parquet: is no Parquet that can be read")
    write_table(pa.table({"title": ["a"], "body": ["b"]}), path)
    assert refusal(path) == "d.parquet: text: the file has no such column; it has title, body"
    write_table(pa.table({"title": ["a", "b"], "text": ["x", None]}), path)
    assert refusal(path) == "d.parquet: row 2: text: is missing"
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert refusal(path) == "d.parquet: needs pyarrow: pip install -r requirements-parquet.txt"


@pytest.mark.parametrize("name", NAMES)
def test_places_grow_up_to_the_size_of_the_file(dump, name):
    path = dump(name)
    read = [START.read, *(step.place.read for step in read_corpus(path))]
    assert read == sorted(read)
    assert path.stat().st_size - 100 <= read[-1] <= path.stat().st_size
