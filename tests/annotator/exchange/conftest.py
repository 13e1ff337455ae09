"""Files to import, and short ways to import and export them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from annotator.actions.exporting import export, export_plan
from annotator.actions.importing import import_questions
from annotator.models import Project

FILES = Path(__file__).parent / "files"


@pytest.fixture
def files() -> Path:
    """Small files of every shape, written for these tests."""
    return FILES


@pytest.fixture
def make_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file: bytes and text as they are, anything else as JSON."""

    def make(content: Any, name: str = "questions.json") -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            path.write_text(text, encoding="utf-8", newline="")
        return path

    return make


@pytest.fixture
def bring(project: Project) -> Callable[[Path], Any]:
    """Import a file into the project and return the report."""
    return lambda path: import_questions(project, path)


def exported(project: Project, format: str = "condambigqa", annotations: str = "") -> bytes:
    """Return the bytes of an export."""
    return b"".join(export(export_plan(project, format, annotations)))


def breaking(write: Callable[..., Any], after: int) -> Callable[..., Any]:
    """Return the writer of chunks, for whom the disk is full after so many."""
    left = iter(range(after))

    def broken(*arguments: Any) -> Any:
        if next(left, None) is None:
            raise OperationalError("disk full")
        return write(*arguments)

    return broken
