"""Rebuild a corpus's search index from the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from retrieval.counting import how_many
from retrieval.engines import EngineUnavailableError
from retrieval.loading import rebuild_index
from retrieval.models import Corpus
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Rebuild a corpus's search index from the database; searches go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--corpus", required=True, metavar="SLUG")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            corpus = Corpus.objects.get(slug=options["corpus"])
            count = rebuild_index(corpus, Terminal())
        except Corpus.DoesNotExist as error:
            raise CommandError(f"There is no corpus “{options['corpus']}”.") from error
        except EngineUnavailableError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{corpus.slug}: {how_many(count, 'fragment')} indexed")
