"""Write a project's dataset in one of the formats."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.exporting import CannotExport, Plan, export, export_plan, export_to
from annotator.models import Project
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Write a project's dataset; what is written and left out is said on standard error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, metavar="NAME", help="condambigqa or full")
        parser.add_argument("--annotations", default="", choices=["gold", "submitted", "all"])
        parser.add_argument("--release", default="", metavar="TAG", help="what is frozen under it, not what is now")
        parser.add_argument("--batch", default="", metavar="NAME", help="the questions of this batch alone")
        parser.add_argument("--output", type=Path, metavar="FILE", help="standard output if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.standing().filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        try:
            of = {name: options[name] for name in ("release", "batch")}
            plan = export_plan(project, options["format"], options["annotations"], **of)
        except CannotExport as error:
            raise CommandError(str(error)) from None
        self.stderr.write("\n".join(plan.lines()))
        if options["output"]:
            self.write(plan, options["output"])
        else:
            for piece in export(plan):
                self.stdout.write(piece.decode(), ending="")

    def write(self, plan: Plan, path: Path) -> None:
        try:
            export_to(plan, path, Terminal(sys.stderr))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(f"{path}: written")
