"""Recompute the digests of a project's frozen lists and the anchors of its citations."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.retrieving import problems_of
from annotator.models import Project


class Command(BaseCommand):
    help = "Recompute digests and anchors; exit 1 with one line for each thing that is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.standing().filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        problems = list(problems_of(project))
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{project.slug}: every list and every anchor is as it was frozen")
