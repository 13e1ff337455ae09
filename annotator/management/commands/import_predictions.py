"""Bring what a system says of a project's questions: its predictions, or drafts for people to look at."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.predictions import import_predictions, look_at_predictions
from annotator.exchange.reports import BrokenOff, Refused, Report
from annotator.exchange.storing_predicted import Run
from annotator.models import Project
from annotator.record import Source
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Bring what a system says of a project's questions, as predictions or as drafts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument(
            "--system",
            required=True,
            metavar="NAME",
            help="one run of a machine; of several in a file, the one to take",
        )
        parser.add_argument("--batch", default="", metavar="NAME", help="where an id stands in several batches")
        parser.add_argument("--as", default="prediction", choices=["prediction", "draft"], dest="source")
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        project = Project.objects.standing().filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        if path.is_dir():
            raise CommandError(f"{path}: is a directory; a file is expected")
        run = Run(project, options["system"], options["batch"], Source(options["source"]))
        try:
            report = self.bring(path, run, dry=options["dry_run"])
        except (Refused, BrokenOff) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        self.stdout.write("\n".join(report.lines()))
        if not report.new:
            self.stdout.write(f"“{run.system}” has all of this file already; nothing was changed")

    def bring(self, path: Path, run: Run, *, dry: bool) -> Report:
        if not dry:
            return import_predictions(path, run, progress=Terminal())
        report = look_at_predictions(path, run, progress=Terminal())
        if report.problems:
            raise Refused(report)
        return report
