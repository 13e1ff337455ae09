"""Score a project's systems against its gold, and write the scores as JSON."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.queued import Refused
from annotator.models import Project
from retrieval.progress import Terminal
from scoring import judges, measures, pairing, resampling
from scoring.evaluating import Wanted, begin, considered
from scoring.judging import Estimate
from scoring.models import Evaluation
from scoring.running import estimate_of, run
from scoring.scores_file import report_of
from scoring.written import write_json


class Command(BaseCommand):
    help = "Score a project's systems against its gold, and write the scores as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument(
            "--system", nargs="+", default=[], metavar="NAME", help="all that predict something if not given"
        )
        parser.add_argument("--judge", default=judges.USUAL, metavar="NAME")
        parser.add_argument("--alignment", default=pairing.USUAL, metavar="NAME", help=", ".join(pairing.PAIRINGS))
        parser.add_argument(
            "--primary", default=measures.PRIMARY, metavar="FIGURE", help="chosen before scores are seen"
        )
        parser.add_argument("--release", default="", metavar="TAG", help="gold as released, instead of as it is now")
        parser.add_argument("--batch", nargs="+", default=[], metavar="NAME")
        parser.add_argument("--split", nargs="+", default=[], metavar="NAME", help="of the release")
        parser.add_argument("--seed", type=int, default=resampling.SEED, help="of the draws")
        parser.add_argument(
            "--resume", type=int, metavar="NUMBER", help="go on with an evaluation that broke off, as it was begun"
        )
        parser.add_argument(
            "--estimate", action="store_true", help="say what asking the LLM judge would take, and begin nothing"
        )
        parser.add_argument("--output", type=Path, metavar="FILE", help="standard output if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        project = Project.objects.standing().filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        try:
            if options["estimate"]:
                self.stdout.write(told(self.estimated(project, options)))
                return
            evaluation = self.resumed(project, options) or begin(project, wanted_by(options))
            self.stderr.write(f"Evaluation {evaluation.number}; if it breaks off: --resume {evaluation.number}")
            run(evaluation, Terminal())
        except Refused as error:
            raise CommandError(str(error)) from None
        write_json(report_of(evaluation), options["output"], self.stdout)

    def estimated(self, project: Project, options: dict[str, Any]) -> Estimate:
        """Return what an evaluation would still take; one that is not begun is not begun by that. Raises Refused."""
        if found := self.resumed(project, options):
            return estimate_of(found, Terminal())
        with considered(project, wanted_by(options)) as evaluation:
            return estimate_of(evaluation, Terminal())

    def resumed(self, project: Project, options: dict[str, Any]) -> Evaluation | None:
        """Return the evaluation that is to go on, None where a new one is meant. Raises Refused."""
        number = options["resume"]
        found = project.evaluations.filter(number=number).first() if number is not None else None
        if number is not None and found is None:
            raise Refused(f"resume: there is no evaluation {number}")
        return found


def wanted_by(options: dict[str, Any]) -> Wanted:
    return Wanted(
        systems=options["system"],
        judge=options["judge"],
        alignment=options["alignment"],
        primary=options["primary"],
        release=options["release"],
        batches=options["batch"],
        splits=options["split"],
        seed=options["seed"],
    )


def told(found: Estimate) -> str:
    """Return an estimate in words."""
    cost = "no prices are set" if found.cost is None else f"about {found.cost:,.2f} at the prices that are set"
    return (
        f"{found.couples:,} pairs of texts to judge, {found.kept:,} of them already kept: {found.calls:,} calls, "
        f"about {found.tokens_in:,} tokens in and {found.tokens_out:,} out, {cost}."
    )
