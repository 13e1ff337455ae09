"""A report as JSON, to a file or to standard output."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper


def write_json(report: Any, output: Path | None, stdout: OutputWrapper) -> None:
    """Write a report where a command was told to. Raises CommandError where the file cannot be written."""
    text = json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False)
    if output is None:
        stdout.write(text)
        return
    try:
        output.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise CommandError(f"{output}: {error.strerror}") from error
    stdout.write(f"{output}: written")
