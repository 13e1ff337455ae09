"""A report as JSON: the same bytes to a file, to standard output and as a download."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from annotator.actions.exporting import replacing


def json_of(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a report piece by piece: its head, and then ``by_question``, any iterable, a line for each."""
    head = {name: value for name, value in report.items() if name != "by_question"}
    yield dumped(head, indent=1).removesuffix("\n}") + ',\n "by_question": ['
    end = "\n"
    for question in report["by_question"]:
        yield f"{end}  {dumped(question)}"
        end = ",\n"
    yield "\n ]\n}\n"


def dumped(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)


def write_json(report: Mapping[str, Any], output: Path | None, stdout: OutputWrapper) -> None:
    """Write a report where a command was told to; a file stays as it was until the new one is whole.

    Raises CommandError where the file cannot be written.
    """
    if output is None:
        for piece in json_of(report):
            stdout.write(piece, ending="")
        return
    try:
        with replacing(output) as file:
            file.writelines(piece.encode() for piece in json_of(report))
    except OSError as error:
        raise CommandError(f"{output}: {error.strerror}") from error
    stdout.write(f"{output}: written")
