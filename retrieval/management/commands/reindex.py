"""Rebuild a corpus's search index from the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from retrieval.counting import how_many
from retrieval.engines import EngineUnavailableError, engine_for
from retrieval.freshness import freshness
from retrieval.loading import rebuild_index
from retrieval.models import Corpus
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = (
        "Rebuild a corpus's search index from the database; searches go on meanwhile, a run that was stopped goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--corpus", required=True, metavar="SLUG")
        parser.add_argument(
            "--check", action="store_true", help="change nothing: say how far the index is behind, and exit 1 if it is"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            corpus = Corpus.objects.get(slug=options["corpus"])
            said = checked(corpus) if options["check"] else rebuilt(corpus)
        except Corpus.DoesNotExist as error:
            raise CommandError(f"There is no corpus “{options['corpus']}”.") from error
        except EngineUnavailableError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(said)


def rebuilt(corpus: Corpus) -> str:
    """Rebuild the index, and say what it holds."""
    return f"{corpus.slug}: {how_many(rebuild_index(corpus, Terminal()), 'fragment')} indexed"


def checked(corpus: Corpus) -> str:
    """Say how the index stands beside the database. Raises ``CommandError`` where it is behind."""
    found, do = freshness(corpus, engine_for(corpus)), f"run: python manage.py reindex --corpus {corpus.slug}"
    if not found.fresh:
        raise CommandError(f"{found}; {do}")
    if found.due != corpus.size:
        raise CommandError(f"{found}, and its pages say that there are {corpus.size:,}; {do}")
    return str(found)
