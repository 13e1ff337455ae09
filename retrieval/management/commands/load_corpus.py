"""Load fragments from a file into a corpus and its search index."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from retrieval.corpora import CorpusError
from retrieval.engines import EngineUnavailableError
from retrieval.loading import load_corpus
from retrieval.progress import Terminal

ABOUT = ("name", "source", "snapshot_date", "licence", "attribution")


class Command(BaseCommand):
    help = "Load fragments from a JSONL or TSV file (.gz too) into a corpus and its search index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .jsonl or .tsv file, or either with .gz")
        parser.add_argument("--corpus", required=True, metavar="SLUG", help="made if there is none")
        for field in ABOUT:
            parser.add_argument(f"--{field.replace('_', '-')}", help=f"the corpus's {field.replace('_', ' ')}")

    def handle(self, *_args: Any, **options: Any) -> None:
        about = {field: options[field] for field in ABOUT if options[field] is not None}
        try:
            loaded = load_corpus(options["file"], options["corpus"], about, Terminal())
        except (CorpusError, EngineUnavailableError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(
                "; ".join(f"{field}: {' '.join(said)}" for field, said in error.message_dict.items())
            ) from error
        self.stdout.write(f"{loaded.corpus.slug}: {loaded.new:,} new, {loaded.known:,} already there")
