"""Hours per person and batch, as CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.exchange.hours import hours_table
from annotator.models import Project


class Command(BaseCommand):
    help = "Write what each person worked on each batch of a project, as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--names", action="store_true", help="with the name behind each pseudonym")
        parser.add_argument("--output", type=Path, metavar="FILE", help="standard output if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.standing().filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        table = hours_table(project, names=options["names"])
        if options["output"] is None:
            self.stdout.write(table, ending="")
            return
        try:
            options["output"].write_text(table, "utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}") from error
        self.stdout.write(f"{options['output']}: written")
