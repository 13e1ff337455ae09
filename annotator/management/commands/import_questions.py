"""Bring questions into a project, with fragments and annotations where the file has them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.importing import import_questions, look
from annotator.exchange.reports import Refused
from annotator.models import Project
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Bring the questions of a file into a project, with fragments and annotations where the file has them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--batch", default="", metavar="NAME", help="made if there is none; else the only one")
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: there is no such file")
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        try:
            if options["dry_run"]:
                report = look(path, project, options["batch"], progress=Terminal())
            else:
                report = import_questions(project, path, options["batch"], progress=Terminal())
        except Refused as error:
            raise CommandError(str(error)) from None
        if report.problems:
            raise CommandError("\n".join(report.refusal()))
        self.stdout.write("\n".join(report.lines()))
