"""Bring the demo in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.models import Annotation
from config.demo import load_demo
from retrieval.counting import how_many
from retrieval.engines import EngineUnavailableError
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Bring the demo in: a project with a pilot, a main batch and three people's work. A repeat changes nothing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            project = load_demo(Terminal())
        except EngineUnavailableError as error:
            raise CommandError(str(error)) from error
        work = Annotation.objects.filter(question__batch__project=project, source="human")
        questions = sum(batch.questions.count() for batch in project.batches.all())
        counts = f"{how_many(questions, 'question')}, {how_many(work.count(), 'annotation')}"
        self.stdout.write(f"{project.slug}: {counts}")
