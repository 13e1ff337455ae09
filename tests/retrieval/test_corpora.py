"""Reading corpus files, the good and the broken."""

import gzip
import json
from pathlib import Path

import pytest

from retrieval.corpora import CorpusError
from retrieval.corpora.record import MOST_BYTES
from retrieval.fragments import NewFragment
from tests.retrieval.files import fragments_in

HEADER = "id\ttext\ttitle\n"


@pytest.fixture
def file(tmp_path: Path):
    """Return a function that writes a file and returns its path."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        raw = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return write


def refusal(path: Path) -> str:
    """Return the error of a file, without the folder."""
    with pytest.raises(CorpusError) as caught:
        fragments_in(path)
    return str(caught.value).removeprefix(f"{path.parent}/")


@pytest.mark.parametrize("name", ["some.jsonl", "some.jsonl.gz", "SOME.JSONL"])
def test_jsonl_gives_title_and_text_as_they_are(file, name):
    path = file(name, '{"title": " Cup ", "text": "Spain\\n won. "}\n\n{"title": "", "text": "日本 😀"}')
    assert fragments_in(path) == [NewFragment(" Cup ", "Spain\n won. "), NewFragment("", "日本 😀")]


def test_jsonl_keeps_where_a_fragment_came_from(file):
    whole: dict[str, object] = {"title": "T", "text": "x", "url": "https://a.example", "section": "S"}
    whole |= {"page_id": 7, "revision_id": 2**40, "offset": 0, "id": 12, "unknown": [1]}
    (fragment,) = fragments_in(file("some.jsonl", json.dumps(whole)))
    assert fragment == NewFragment("T", "x", "12", 7, 2**40, "https://a.example", "S", 0)


@pytest.mark.parametrize("name", ["psgs_w100.tsv", "psgs_w100.tsv.gz"])
def test_tsv_is_read_as_dpr_writes_it(file, name):
    path = file(name, HEADER + '1\t"The ""Red"" team\nwon\there"\tCup\r\n2\tplain\t"A ""B"""\n')
    assert fragments_in(path) == [
        NewFragment("Cup", 'The "Red" team\nwon\there', "1"),
        NewFragment('A "B"', "plain", "2"),
    ]


def test_columns_may_stand_in_any_order_and_the_id_may_lack(file):
    assert fragments_in(file("some.tsv", "title\ttext\nCup\tSpain\n")) == [NewFragment("Cup", "Spain")]


def test_a_byte_order_mark_is_no_text(file):
    path = file("some.jsonl", b'\xef\xbb\xbf{"title": "a", "text": "b"}')
    assert fragments_in(path) == [NewFragment("a", "b")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[" * 100_000, "is no JSON that can be read"),
        ('{"title": "a", "text": "b", "id": %s}' % ("9" * 5000), "is no JSON that can be read"),
        ("[1]", "must be a JSON object, not a list"),
        ('{"title": "a"}', "text: is missing"),
        ('{"text": "a"}', "title: is missing"),
        ('{"title": "a", "text": null}', "text: is missing"),
        ('{"title": "a", "text": 5}', "text: must be a string, not a number"),
        ('{"title": ["a"], "text": "b"}', "title: must be a string, not a list"),
        ('{"title": "a", "text": " \\n"}', "text: is blank"),
        ('{"title": "a\\u0000", "text": "b"}', "title: holds a NUL"),
        ('{"title": "a", "text": "b\\ud83d"}', "text: holds half of a surrogate pair"),
        ('{"title": "a", "text": "b", "id": true}', "id: must be a string, not a boolean"),
        ('{"title": "a", "text": "b", "id": "%s"}' % ("x" * 201), "id: is longer than 200"),
        ('{"title": "a", "text": "b", "page_id": "7"}', "page_id: must be a whole number, not a string"),
        ('{"title": "a", "text": "b", "page_id": false}', "page_id: must be a whole number, not a boolean"),
        ('{"title": "a", "text": "b", "revision_id": 1.5}', "revision_id: must be a whole number"),
        ('{"title": "a", "text": "b", "offset": -1}', "offset: must lie between 0 and"),
        ('{"title": "a", "text": "b", "offset": 2147483648}', "offset: must lie between 0 and"),
        ('{"title": "a", "text": "b", "url": {}}', "url: must be a string, not an object"),
    ],
)
def test_a_wrong_record_is_named_by_file_line_and_field(file, line, message):
    path = file("some.jsonl", '{"title": "a", "text": "b"}\n' + line)
    assert refusal(path).startswith(f"some.jsonl: line 2: {message}")


def test_broken_json_is_named_by_its_own_line_and_column(file):
    path = file("some.jsonl", '{"title": "a", "text": "b"}\n{title')
    assert refusal(path).startswith("some.jsonl: line 2, column 2: broken JSON: Expecting property name")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id\ttitle\n1\ta\n", "some.tsv: line 1: text: the header has no such column"),
        ("id\ttext\n1\ta\n", "some.tsv: line 1: title: the header has no such column"),
        ("id\ttext\ttitle\turl\n", "some.tsv: line 1: url: a table has the columns"),
        ("id\ttext\ttitle\tid\n", "some.tsv: line 1: id: a table has the columns"),
        (HEADER + "1\ta\tb\n2\tc\n", "some.tsv: line 3: title: is missing; the row has 2 of 3 cells"),
        (HEADER + "1\ta\tb\tc\n", "some.tsv: line 2: has 4 cells where the header names 3"),
        (HEADER + '1\t"a\nb"\tT\n2\t \tT\n', "some.tsv: line 4: text: is blank"),
        (HEADER + '1\t"never\nclosed', "some.tsv: line 2: is not a row"),
        (HEADER + '1\t"a"b\tT\n', "some.tsv: line 2: is not a row"),
        (HEADER + "1\ta\0\tT\n", "some.tsv: line 2: text: holds a NUL"),
        (HEADER, "some.tsv: holds no fragment"),
        ("", "some.tsv: holds no fragment"),
    ],
)
def test_a_wrong_table_is_named_by_file_line_and_field(file, content, message):
    assert refusal(file("some.tsv", content)).startswith(message)


def test_another_encoding_is_named(file):
    path = file("some.jsonl", '{"title": "a", "text": "b"}\n{"title": "é", "text": "b"}'.encode("latin-1"))
    assert refusal(path).startswith("some.jsonl: line 2: is not UTF-8: invalid continuation byte at byte 12")
    assert refusal(file("some.tsv", HEADER.encode("utf-16"))).startswith("some.tsv: line 1: is not UTF-8")


def test_a_record_over_ten_megabytes_is_refused(file):
    assert "some.jsonl: line 1: the record is longer" in refusal(file("some.jsonl", " " * (MOST_BYTES + 1)))
    folded = HEADER + '1\t"' + ("x" * 999_999 + "\n") * 11 + '"\tT\n'
    assert refusal(file("some.tsv", folded)).startswith(
        "some.tsv: line 2: is not a row of tab-separated values: field larger"
    )
    wide = HEADER + "x" * 6_000_000 + "\t" + "y" * 4_000_001 + "\tT\n"
    assert "some.tsv: line 2: the record is longer" in refusal(file("some.tsv", wide))


def test_a_file_that_is_cut_off_or_absent_cannot_be_read(file, tmp_path):
    path = file("some.jsonl.gz", '{"title": "a", "text": "b"}\n' * 100)
    path.write_bytes(path.read_bytes()[:-9])
    assert refusal(path).startswith("some.jsonl.gz: after line 100: cannot be unpacked: Compressed file ended before")
    path.write_bytes(b"no gzip")
    assert refusal(path).startswith("some.jsonl.gz: after line 0: cannot be unpacked: Not a gzipped file")
    assert refusal(tmp_path / "none.tsv") == "none.tsv: cannot be read: No such file or directory"
    (tmp_path / "folder.tsv").mkdir()
    assert refusal(tmp_path / "folder.tsv") == "folder.tsv: is a directory; a file is expected"


def test_an_unknown_ending_names_the_known_ones(file):
    said = refusal(file("some.csv", "a"))
    assert said.startswith("some.csv: the name must end in one of .jsonl, .tsv, .json, .xml, .parquet, or ")
    assert refusal(file("some.parquet.gz", "a")).startswith("some.parquet.gz: the name must end in")
