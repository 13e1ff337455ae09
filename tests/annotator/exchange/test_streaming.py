"""Raw records with their places; what cannot be read is refused at its line and column, in flat memory."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.exchange.streaming import MOST_BYTES, Unreadable, records

MakeFile = Callable[..., Path]


def test_an_array_yields_its_items_with_their_numbers(make_file: MakeFile) -> None:
    found = list(records(make_file('\ufeff [ {"a": 1} ,\n{"b": "]"}]\n\n')))
    assert [(raw.place, raw.value) for raw in found] == [("record 1", {"a": 1}), ("record 2", {"b": "]"})]


def test_json_lines_yield_their_line_numbers_and_skip_blank_lines(make_file: MakeFile) -> None:
    found = list(records(make_file('{"a": 1}\r\n\n {"b": "\u2028"}')))
    assert [(raw.place, raw.value) for raw in found] == [("line 1", {"a": 1}), ("line 3", {"b": "\u2028"})]


def test_an_object_of_groups_yields_each_member_as_a_file_of_its_own(make_file: MakeFile) -> None:
    found = list(records(make_file({"dev": {"x": {"q": 1}, "y": {}}, "train": {}})))
    assert [(raw.place, raw.value) for raw in found] == [
        ("dev.x", {"dev": {"x": {"q": 1}}}),
        ("dev.y", {"dev": {"y": {}}}),
    ]


def test_csv_rows_have_the_line_they_begin_on(make_file: MakeFile) -> None:
    found = list(records(make_file('id,question\n1,"two\nlines"\n\n2,b\n', "q.csv")))
    assert [(raw.place, raw.value["question"]) for raw in found] == [("line 2", "two\nlines"), ("line 5", "b")]


def test_real_records_come_as_json_loads_has_them(shared: Path) -> None:
    path = shared / "data" / "condambigqa_dev.json"
    assert [raw.value for raw in records(path)] == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "line 1, column 1: is empty"),
        (b"  \n ", "is empty"),
        (b'[{"a": 1},\n {"a": 2,}]', "line 2, column 10: broken JSON"),
        (b'[{"a": 1}', "line 1, column 10: “,” or “]” is expected, but the file ends"),
        (b'[{"a": 1} {"a": 2}]', "line 1, column 11: “,” or “]” is expected"),
        (b'[{"a": 1}] x', "line 1, column 12: there is more text after the end"),
        (b'[{"a": "\xff"}]', "line 1: is not UTF-8 (byte 0xff)"),
        (b'[{"a": "x"},\n{"b": "\xc3"', "line 2: is not UTF-8"),
        ('[{"a": 1}]'.encode("utf-16"), "is UTF-16; save the file as UTF-8"),
        ('[{"a": 1}]'.encode("utf-16-le"), "looks like UTF-16"),
        ('[{"a": 1}]'.encode("utf-32"), "is UTF-32"),
        (b"[" + b"[" * 100_000, "is nested too deep"),
        (b'{"a": 1}\n{"a": ' + b'{"a":' * 100_000, "line 2: is nested too deep"),
        (b'{"a": 1}\n{"a": }', "line 2, column 7: broken JSON"),
        (b'{"a": 1}\n{"a": 2} 3', "line 2, column 9: there is more text"),
        (b'{"a": 1}\n{"a": "\xe9"}', "line 2: is not UTF-8"),
        (b'{"a":\n 1,,}', "line 2, column 4: broken JSON"),
        (b'{"dev": {"x": {}, "x" 1}}', "line 1, column 23: “:” is expected"),
        (b'{"dev": {"x": {}}, "dev": {}}', "gives the key “dev” twice"),
        (b"question", "is neither JSON, JSON Lines nor"),
        (b'"x"', "is neither JSON"),
        (b'[{"a": "' + b"x" * (MOST_BYTES + 10) + b'"}]', "is a record of more than 10,000,000 bytes"),
        (b'{"a": "' + b"x" * (MOST_BYTES + 10) + b'"}\n{}', "is a record of more than 10,000,000 bytes"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_place(content: bytes, expected: str, make_file: MakeFile) -> None:
    with pytest.raises(Unreadable) as refused:
        list(records(make_file(content)))
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,a\n1,2\n", "line 1: names the column “a” twice"),
        ('a\n"1', "line 2: is no row of a table"),
        ("", "line 1: is empty"),
        (b"a\n\xe9\n", "line 2: is not UTF-8"),
        (b"a\nx\xc3", "line 2: is not UTF-8"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(content: str | bytes, expected: str, make_file: MakeFile) -> None:
    with pytest.raises(Unreadable) as refused:
        list(records(make_file(content, "q.csv")))
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('{"a": {"b": 1, "b": 2}}', "a: gives the key “b” twice"),
        ('{"a": [NaN]}', "a[0]: is not a finite number"),
        ('{"a": -Infinity}', "a: is not a finite number"),
        ('{"a": 1e999}', "a: is a number too large to be kept as it is"),
        ('{"a": 123456789012345678901234567890}', "a: is a number too large to be kept as it is"),
        ('{"a": ' + "9" * 5000 + "}", "a: is a number too large to be kept as it is"),
        ('{"a": "\\u0000"}', "a: holds a NUL character"),
        ('{"a": ["x\\ud83d"]}', "a[0]: holds half of a surrogate pair"),
        ('{"\\udc00": 1}', "(key): holds half of a surrogate pair"),
    ],
)
def test_what_json_would_lose_is_found_with_its_field(record: str, expected: str, make_file: MakeFile) -> None:
    for content in (f"[{record}]", record):
        (raw,) = records(make_file(content))
        assert any(expected in str(problem) for problem in raw.problems)


def test_whole_surrogate_pairs_and_large_integers_are_taken(make_file: MakeFile) -> None:
    (raw,) = records(make_file('[{"a": "\\ud83d\\udd14", "b": 9223372036854775807}]'))
    assert (raw.value, raw.problems) == ({"a": "🔔", "b": 2**63 - 1}, [])


def test_memory_does_not_grow_with_the_file(make_file: MakeFile) -> None:
    path = make_file([{"text": f"{number} " + "x" * 20_000} for number in range(1_000)])
    tracemalloc.start()
    assert sum(1 for _raw in records(path)) == 1_000
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < path.stat().st_size / 5
