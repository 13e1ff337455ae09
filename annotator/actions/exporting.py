"""A project's dataset as a file: what will be written, said beforehand, and the writing."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.conf import settings
from django.utils.text import slugify

from annotator.exchange.formats import FORMATS, Format, format_named
from annotator.exchange.formats.counting import Scope
from annotator.models import Batch, Project, Release
from annotator.querysets import AnnotationQuerySet
from retrieval.progress import Progress, silent


class CannotExport(ValueError):
    """There is no such format, or it cannot be asked for these annotations."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an export will write and leave out, with counts. ``loses`` says what the format has no place for."""

    scope: Scope
    format: str
    label: str
    annotations: str
    filename: str
    counts: dict[str, int]
    left_out: dict[str, int]
    loses: str

    def written(self) -> AnnotationQuerySet:
        """Return the annotations that the file will hold."""
        found = format_named(self.format)
        assert found is not None  # noqa: S101 - the plan was made with it
        return found.written(self.scope, self.annotations)

    def asked(self) -> dict[str, str]:
        """Return what ``export_plan`` was asked for, by names that a job keeps."""
        release, batch = self.scope.release, self.scope.batch
        of = {"release": release.tag if release else "", "batch": batch.name if batch else ""}
        return {"format": self.format, "annotations": self.annotations, **of}

    def is_small(self) -> bool:
        """Return whether the file is written within a request, not by a job."""
        return self.counts["questions"] <= settings.EXPORT_IN_REQUEST_QUESTIONS

    def lines(self) -> list[str]:
        """Return the plan in words."""
        found = [f"{self.label}: " + ", ".join(f"{name} {number:,}" for name, number in self.counts.items())]
        if self.left_out:
            found.append("left out: " + ", ".join(f"{name} {number:,}" for name, number in self.left_out.items()))
        return [*found, self.loses]


def export_plan(
    project: Project,
    format: str,
    annotations: str = "",
    only: Sequence[int] | None = None,
    release: str = "",
    batch: str = "",
) -> Plan:
    """Return what ``export`` will write of a project, of ``only`` some questions, a ``release`` or a ``batch`` by name.

    ``annotations`` is gold, submitted or all, or empty for the format's own.
    """
    found = format_named(format)
    if found is None:
        names = ", ".join(known.NAME for known in FORMATS)
        raise CannotExport(f"format: there is no “{format}”; one of {names} is expected")
    annotations = annotations or found.ANNOTATIONS[0]
    if annotations not in found.ANNOTATIONS:
        raise CannotExport(f"annotations: {format} writes {', '.join(found.ANNOTATIONS)}, not “{annotations}”")
    named = release_named(project, release, found, annotations)
    part = batch_named(project, batch, named)
    scope = Scope(project, None if only is None else tuple(only), named, part)
    of = [release] if release else [slugify(batch) or f"batch-{part.pk}"] if part else []
    parts = [project.slug, *of, format, *(annotations,) * (len(found.ANNOTATIONS) > 1)]
    return Plan(
        scope=scope,
        format=format,
        label=found.LABEL,
        annotations=annotations,
        filename="-".join(parts) + found.SUFFIX,
        counts=found.counts(scope, annotations),
        left_out=found.left_out(scope, annotations),
        loses=found.LOSES,
    )


def release_named(project: Project, tag: str, found: Format, annotations: str) -> Release | None:
    """Return the release of a tag, None where there is no tag. Raises CannotExport where the format cannot write it."""
    if not tag:
        return None
    if annotations not in found.OF_RELEASE:
        can = ", ".join(found.OF_RELEASE)
        said = f"writes {can} of a release" if can else "is of the project as it is now, with every release in it"
        raise CannotExport(f"release: {found.NAME} {said}")
    release = project.releases.filter(tag=tag).first()
    if release is None:
        raise CannotExport(f"release: the project has no release “{tag}”")
    return release


def batch_named(project: Project, name: str, release: Release | None) -> Batch | None:
    """Return the batch of a name, None where there is no name. Raises CannotExport where there is no such batch."""
    if not name:
        return None
    if release:
        raise CannotExport("batch: a release is written whole")
    batch = project.batches.filter(name=name).first()
    if batch is None:
        names = ", ".join(f"“{known}”" for known in project.batches.values_list("name", flat=True))
        raise CannotExport(f"batch: the project has no batch “{name}”; it has {names}")
    return batch


def export(plan: Plan, progress: Progress = silent) -> Iterator[bytes]:
    """Yield the bytes of the planned file, never all of them at once: the page and the command send these."""
    found = format_named(plan.format)
    assert found is not None  # noqa: S101 - the plan was made with it
    total = plan.counts.get("records", plan.counts["questions"])
    yield from counted((piece.encode() for piece in found.pieces(plan.scope, plan.annotations)), total, progress)


def counted(pieces: Iterable[bytes], total: int, progress: Progress) -> Iterator[bytes]:
    """Yield the pieces, telling how many of about so many are written."""
    for done, piece in enumerate(pieces, 1):
        yield piece
        progress("Written", min(done, total), total)


def export_to(plan: Plan, path: Path, progress: Progress = silent) -> None:
    """Write the planned file; what stood at ``path`` stays until the new one is whole."""
    with replacing(path) as file:
        file.writelines(export(plan, progress))


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of what stands at ``path`` once it is whole, open to whom ``mode`` says."""
    with beside(path) as (file, written):
        yield file
        finish(file, written, mode)
        written.replace(path)


@contextmanager
def creating(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that is at ``path`` once it is whole. Raises FileExistsError where by then another one is."""
    with beside(path) as (file, written):
        yield file
        finish(file, written, 0o666)
        path.hardlink_to(written)


@contextmanager
def beside(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """Open a hidden file in the folder of ``path``, and remove it in the end if it is still there."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file, Path(file.name)
        finally:
            Path(file.name).unlink(missing_ok=True)


def finish(file: IO[bytes], written: Path, mode: int) -> None:
    """Have a file wholly on the disk, open to whom ``mode`` says, less those whom no new file is open to."""
    file.flush()
    os.fsync(file.fileno())
    mask = os.umask(0)
    os.umask(mask)
    written.chmod(mode & ~mask)
