"""Bring the demo in."""

from typing import Any

from django.core.management.base import BaseCommand

from annotator.models import Annotation
from config.demo import load_demo
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Bring the demo in: a project with questions, fragments and two people's work. A repeat changes nothing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        project = load_demo(Terminal())
        work = Annotation.objects.filter(question__batch__project=project, source="human")
        questions = sum(batch.questions.count() for batch in project.batches.all())
        self.stdout.write(f"{project.slug}: {questions} questions, {work.count()} annotations")
