"""Write everything that the installation holds into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from config.backup import write_backup
from config.status import BACKUPS, CHECK, first_line
from retrieval.counting import how_many
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Write every table and upload into one file, as they are at this moment, while people go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="a zip; a new one in the data folder if not given"
        )
        parser.add_argument("--force", action="store_true", help="let it take the place of a file that is there")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        path: Path = options["output"] or Path(settings.VAR_DIR) / BACKUPS / f"proviso-{now:%Y%m%d-%H%M%S}.zip"
        if path.exists() and not options["force"]:
            raise CommandError(f"{path}: is there already; name another file, or say --force")
        try:
            counts = write_backup(path, now, Terminal())
        except DatabaseError as error:
            raise CommandError(f"the database cannot be read: {first_line(error)}; {CHECK}") from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(f"{path}: {how_many(sum(counts.values()), 'row')}, {path.stat().st_size:,} bytes")
