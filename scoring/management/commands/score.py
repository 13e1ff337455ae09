"""Score predictions against gold, both out of files: for a system's own tests, without a database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.exchange.reports import Refused
from scoring import judges, pairing
from scoring.evaluating import version
from scoring.files import read_files
from scoring.filing import Chosen, report_on
from scoring.written import write_json


class Command(BaseCommand):
    help = "Score a file of predictions against a file of gold, as JSON; no database is asked."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("gold", type=Path, metavar="GOLD_FILE")
        parser.add_argument("predictions", type=Path, metavar="PREDICTIONS_FILE")
        parser.add_argument("--system", default="", metavar="NAME", help="of several in the file, the one to take")
        parser.add_argument("--judge", default=judges.USUAL, choices=list(judges.judges()))
        parser.add_argument("--alignment", default=pairing.USUAL, choices=list(pairing.PAIRINGS))
        parser.add_argument("--cites-nothing", action="store_true", help="its citations are no measure of it")
        parser.add_argument("--output", type=Path, metavar="FILE", help="standard output if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        gold, predictions = options["gold"], options["predictions"]
        for path in (gold, predictions):
            if not path.is_file():
                raise CommandError(f"{path}: {'is a directory' if path.is_dir() else 'there is no such file'}")
        try:
            files = read_files(gold, predictions, options["system"], cites=not options["cites_nothing"])
        except Refused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        for flaw in files.astray:
            self.stderr.write(f"{predictions.name}: counts for nothing: {flaw}")
        system = options["system"] or predictions.stem
        report = report_on(files, Chosen(system, options["judge"], options["alignment"], version()))
        write_json(report, options["output"], self.stdout)
