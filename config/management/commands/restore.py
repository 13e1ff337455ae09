"""Read a backup into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from config.backup import CannotRestore, read_backup
from config.status import CHECK, first_line
from retrieval.counting import how_many
from retrieval.engines import EngineUnavailableError
from retrieval.loading import rebuild_index
from retrieval.models import Corpus
from retrieval.progress import Terminal

REINDEX = "run `manage.py reindex` for each corpus that `manage.py status` names"


class Command(BaseCommand):
    help = "Read a backup into an empty database, SQLite or PostgreSQL, and build the search indexes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            counts = read_backup(options["file"], Terminal())
        except CannotRestore as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"nothing is restored, the database fails: {first_line(error)}; {CHECK}") from error
        self.stdout.write(f"{options['file']}: {how_many(sum(counts.values()), 'row')} restored")
        for corpus in Corpus.objects.order_by("slug"):
            try:
                indexed = rebuild_index(corpus, Terminal())
            except EngineUnavailableError as error:
                raise CommandError(f"All rows are there, and not all are indexed: {error}. Then {REINDEX}.") from error
            self.stdout.write(f"index of {corpus.slug}: {how_many(indexed, 'fragment')}")
