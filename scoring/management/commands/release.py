"""Freeze gold under a tag, and write the files of a release, of one that was made before, or of a trial."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.exporting import replacing
from annotator.cut import CannotRelease
from annotator.models import Project
from annotator.released import Edition, edition_of
from retrieval.counting import how_many
from retrieval.progress import Terminal
from scoring.release_files import write_folder, zipped
from scoring.releasing import Wish, cut_release, trial


class Command(BaseCommand):
    help = "Freeze a project's finished gold under a tag and write its files; a release never changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        kind = parser.add_mutually_exclusive_group(required=True)
        kind.add_argument("--tag", metavar="TAG", help="such as 1.0.0; with --output also of one made before")
        kind.add_argument("--trial", action="store_true", help="write the files marked “not released”")
        parser.add_argument("--batch", nargs="+", default=[], metavar="NAME", help="the batches; all if not given")
        parser.add_argument(
            "--splits",
            nargs="+",
            default=[],
            metavar="NAME=…",
            help="BATCH=SPLIT for each batch, or SPLIT=PERCENT to draw; by the batches' purposes if not given",
        )
        parser.add_argument("--seed", type=int, default=1, help="of the drawing")
        parser.add_argument("--output", type=Path, metavar="PATH", help="a zip if it ends so, else a folder")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.standing().filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        wish = Wish(options["tag"] or "", tuple(options["batch"]), tuple(options["splits"]), options["seed"])
        if options["trial"] and not options["output"]:
            raise CommandError("A trial is its files alone: say where they go with --output.")
        if options["output"] and options["output"].is_dir() and any(options["output"].iterdir()):
            raise CommandError(f"{options['output']}: is not empty; the files of a release stand alone")
        try:
            self.write(self.made(project, wish, options), options["output"])
        except CannotRelease as error:
            raise CommandError(str(error)) from None

    def made(self, project: Project, wish: Wish, options: dict[str, Any]) -> Edition:
        """Return the trial, the release that was made before where its files alone are asked for, else a new one."""
        if options["trial"]:
            return trial(project, wish)
        known = project.releases.filter(tag=wish.tag).first()
        if known and options["output"] and not (wish.batches or wish.splits):
            return edition_of(known)
        made = cut_release(project, wish, None, Terminal(sys.stderr))
        self.stdout.write(f"{made.tag}: {how_many(made.questions.count(), 'question')} released, digest {made.digest}")
        return edition_of(made)

    def write(self, edition: Edition, path: Path | None) -> None:
        if path is None:
            return
        try:
            if path.suffix == ".zip":
                with replacing(path) as file:
                    file.writelines(zipped(edition))
            else:
                write_folder(edition, path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(f"{path}: written")
