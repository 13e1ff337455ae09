"""A report as JSON: the same text to a file, to standard output and as a download."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper


def json_text(report: Any) -> str:
    """Return a report as it is written, with its last line ended."""
    return json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_json(report: Any, output: Path | None, stdout: OutputWrapper) -> None:
    """Write a report where a command was told to. Raises CommandError where the file cannot be written."""
    text = json_text(report)
    if output is None:
        stdout.write(text, ending="")
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise CommandError(f"{output}: {error.strerror}") from error
    stdout.write(f"{output}: written")
