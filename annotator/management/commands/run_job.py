"""Run one job here, where no worker does."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from annotator import jobs
from annotator.models import Job


class Command(BaseCommand):
    help = "Run a waiting job in this terminal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", type=int, help="its number, as its page prints it")

    def handle(self, *_args: Any, **options: Any) -> None:
        pk = options["job"]
        Job.objects.put_off().filter(pk=pk).update(due=timezone.now())
        job = jobs.run(pk)
        if job is None:
            known = Job.objects.filter(pk=pk).first()
            raise CommandError(f"Job {pk} is {known.state}." if known else f"There is no job {pk}.")
        if job.state != Job.State.DONE:
            raise CommandError(f"Job {pk} {job.state}: {job.error}" if job.error else f"Job {pk} {job.state}")
        self.stdout.write(f"Job {pk} is done.")
