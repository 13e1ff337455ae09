"""Freeze a list of fragments for each question of a project that has none."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.retrieving import retrieve
from annotator.models import Project
from retrieval.counting import how_many
from retrieval.engines import EngineUnavailableError
from retrieval.freezing import StaleIndexError
from retrieval.models import Corpus
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Freeze a ranked list of fragments for each question that has none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--corpus", required=True, metavar="SLUG")
        parser.add_argument("--k", type=int, default=20, help="how many fragments a list holds (default 20)")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.standing().filter(slug=options["project"]).first()
        corpus = Corpus.objects.filter(slug=options["corpus"]).first()
        if project is None or corpus is None:
            missing = f"project “{options['project']}”" if project is None else f"corpus “{options['corpus']}”"
            raise CommandError(f"There is no {missing}.")
        if not 1 <= options["k"] <= 1000:
            raise CommandError("--k: a number from 1 to 1000 is expected")
        try:
            frozen = retrieve(project, corpus, options["k"], Terminal())
        except (EngineUnavailableError, StaleIndexError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{project.slug}: {how_many(frozen, 'list')} frozen")
