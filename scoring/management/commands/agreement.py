"""Agreement between the people of a project, as JSON."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.models import Project
from retrieval.progress import Terminal
from scoring.reporting import agreement_report
from scoring.written import write_json


class Command(BaseCommand):
    help = "Write how far a project's people agree, with intervals, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--output", type=Path, metavar="FILE", help="standard output if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.standing().filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        write_json(agreement_report(project, Terminal()), options["output"], self.stdout)
