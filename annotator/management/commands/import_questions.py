"""Bring questions into a project, with fragments and annotations where the file has them."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.importing import import_questions, look, report_on
from annotator.actions.importing_whole import import_whole, look_whole
from annotator.exchange.reports import BrokenOff, Refused, Report
from annotator.exchange.tables import EXTRA, FIELDS
from annotator.exchange.whole.reader import is_whole
from annotator.models import Project
from retrieval.progress import Terminal


def pair(text: str) -> tuple[str, str]:
    """Return the column and the field of ``COLUMN=FIELD``; a column's name may hold the sign."""
    column, sign, field = text.rpartition("=")
    if not sign:
        raise ArgumentTypeError(f"“{text}” is not COLUMN=FIELD")
    return column, field


class Command(BaseCommand):
    help = "Bring the questions of a file into a project, with fragments and annotations where the file has them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--batch", default="", metavar="NAME", help="made if there is none; else the only one")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            type=pair,
            metavar="COLUMN=FIELD",
            help=f"what a column of a CSV or TSV file is: {', '.join(FIELDS)}, or {EXTRA} (only kept); repeatable",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.is_dir():
            raise CommandError(f"{path}: is a directory; a file is expected")
        try:
            report = self.bring(path, options)
        except (Refused, BrokenOff) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        if report.problems:
            raise CommandError("\n".join(report.refusal()))
        self.stdout.write("\n".join(report.lines()))

    def bring(self, path: Path, options: dict[str, Any]) -> Report:
        """Look at the file or bring it in; a whole export makes its project."""
        slug, batch, mapping = options["project"], options["batch"], dict(options["map"])
        project = Project.objects.filter(slug=slug).first()
        if project and project.deleted:
            raise CommandError(f"The project “{slug}” is deleted; one of its managers can restore it.")
        if project is None and not (is_whole(path) and not batch):
            raise CommandError(f"There is no project “{slug}”.")
        if project is None:
            bring = look_whole if options["dry_run"] else import_whole
            return bring(path, slug, report_on(path, mapping=mapping), Terminal())
        if options["dry_run"]:
            return look(path, project, batch, mapping=mapping, progress=Terminal())
        return import_questions(project, path, batch, mapping=mapping, progress=Terminal())
