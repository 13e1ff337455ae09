"""The files that the demo is made from: one folder for each batch, whatever people did in it as JSON Lines."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from annotator.record import Source
from config.demo.times import When

FOLDER: Path = settings.BASE_DIR / "demo"
CORPUS: Path = FOLDER / "corpus.jsonl"


@dataclass(frozen=True)
class Stage:
    """A batch, and the folder that holds what was done in it; ``machines`` says which files brought a system's work.

    The guidelines of the folder are published as the batch begins, and the batch before it closes.
    """

    folder: Path
    name: str
    position: int
    begins: When
    values: Mapping[str, Any]
    machines: Mapping[str, tuple[str, Source]] = field(default_factory=dict)

    @property
    def guidelines(self) -> str:
        return (self.folder / "guidelines.md").read_text("utf-8")

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the lines of one of the folder's files: work, notes or adjudication."""
        with (self.folder / f"{name}.jsonl").open(encoding="utf-8") as file:
            yield from map(json.loads, file)
