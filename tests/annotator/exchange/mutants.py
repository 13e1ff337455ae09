"""Small damages to files: in the bytes, as disks and editors do them, and in the values, as scripts do."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7, 1.5, -0.5, 10**18, 10**30, 1e308, "", " ", "x", "\n", "é🔔\u2028", "0", "\ufeff"),
    *([], {}, [[]], [None], ["a", "b"], {"": ""}, {"a": {"b": []}}, [1, "2"]),
)
RAW = (
    "NaN",
    "-Infinity",
    "1e999",
    '"\\u0000"',
    '"\\ud800"',
    '"\\ud83d\\udd14"',
    "[" * 3000,
    '{"a":1,"a":2}',
    "9" * 5000,
)
BYTES = (
    b"",
    b"\0",
    b"\xff",
    b"\xc3",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b" ",
    b"\n",
    b"0",
    b"e",
    b"\xef\xbb\xbf",
)
EDITS = ("", " ", "  ", "\t", "é", "🔔", "“", "'", "\\", '"', "\u0301", "0", "\r\n")
PLACEHOLDER = "a place that no text has 7f3a"


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with a key of it."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def mutant(content: bytes, dice: random.Random, dump: Callable[[Any], str], load: Callable[[str], Any]) -> bytes:
    """Return the file with one damage."""
    if dice.random() < 0.4:
        return damaged(content, dice)
    value = load(content.decode())
    container, key = dice.choice(list(places(value)))
    return changed(value, container, key, dice, dump)


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Return the bytes with some lost, replaced, put in, doubled or moved."""
    start = dice.randrange(len(content))
    end = min(len(content), start + dice.choice((1, 1, 1, 2, 5, 40, 2000)))
    piece = content[start:end]
    new = dice.choice(
        (b"", dice.choice(BYTES), piece * 2, piece[::-1], piece.upper(), bytes([dice.randrange(256)]) + piece)
    )
    if dice.random() < 0.05:
        return content[:start]
    return content[:start] + new + content[end:]


def changed(value: Any, container: Any, key: Any, dice: random.Random, dump: Callable[[Any], str]) -> bytes:
    """Return the file with the value at ``key`` replaced, lost, renamed, doubled or swapped."""
    how = dice.randrange(6)
    if how == 0:
        del container[key]
    elif how == 1:
        container[key] = PLACEHOLDER
        return dump(value).replace(f'"{PLACEHOLDER}"', dice.choice(RAW)).encode()
    elif how == 2 and isinstance(container, dict):
        container[dice.choice(("x", "", key.upper(), key + " ", "id", "title", "text", "extra"))] = container.pop(key)
    elif how == 3 and isinstance(container, list):
        container.insert(dice.randrange(len(container) + 1), container[key])
    elif how == 4:
        other, there = dice.choice(list(places(value)))
        container[key] = json.loads(json.dumps(other[there]))
    else:
        container[key] = edited(container[key], dice)
    return dump(value).encode()


def edited(value: Any, dice: random.Random) -> Any:
    """Return a strange value, or for a text often a small edit of it."""
    if not isinstance(value, str) or dice.random() < 0.4:
        return dice.choice(STRANGE)
    place = dice.randrange(len(value) + 1)
    return (
        value[:place]
        + dice.choice(("", " ", "  ", "\t", "é", "🔔", "“", "'", "\\", '"', "\u0301", "0", "\r\n"))
        + value[place:]
    )
