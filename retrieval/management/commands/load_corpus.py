"""Load fragments from a file into a corpus and its search index."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from retrieval.corpora import CorpusError
from retrieval.counting import how_many
from retrieval.disk import is_full
from retrieval.engines import EngineUnavailableError
from retrieval.loading import load_corpus
from retrieval.progress import Terminal

ABOUT = ("name", "source", "snapshot_date", "licence", "attribution")


class Command(BaseCommand):
    help = "Load a Wikipedia dump or a file of fragments into a corpus and its search index; run again, it goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSONL, TSV, XML or CirrusSearch dump, also .gz or .bz2; Parquet")
        parser.add_argument("--corpus", required=True, metavar="SLUG", help="made if there is none")
        for field in ABOUT:
            parser.add_argument(f"--{field.replace('_', '-')}", help=f"the corpus's {field.replace('_', ' ')}")

    def handle(self, *_args: Any, **options: Any) -> None:
        about = {field: options[field] for field in ABOUT if options[field] is not None}
        try:
            loaded = load_corpus(options["file"], options["corpus"], about, Terminal())
        except KeyboardInterrupt as error:
            raise CommandError("Stopped; what was read is stored, and the same command goes on from there.") from error
        except (CorpusError, EngineUnavailableError) as error:
            raise CommandError(str(error)) from error
        except (OSError, OperationalError) as error:
            if not is_full(error):
                raise
            raise CommandError("The disk is full; what was read is stored, and the same command goes on.") from error
        except ValidationError as error:
            raise CommandError(
                "; ".join(f"{field}: {' '.join(said)}" for field, said in error.message_dict.items())
            ) from error
        passed = f", after {how_many(loaded.passed, 'record')} loaded before" if loaded.passed else ""
        self.stdout.write(f"{loaded.corpus.slug}: {loaded.new:,} new, {loaded.known:,} already there{passed}")
