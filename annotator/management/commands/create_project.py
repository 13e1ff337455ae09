"""Make an empty project with one batch."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from annotator.actions.people import no_account
from annotator.actions.projects import create_project
from annotator.models import Project, User


class Command(BaseCommand):
    help = "Make an empty project with one batch."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="its name in addresses: letters, digits, - and _")
        parser.add_argument("--name", required=True)
        parser.add_argument("--manager", metavar="USER", help="the account that manages it")

    def handle(self, *_args: Any, **options: Any) -> None:
        manager = User.objects.filter(username=options["manager"]).first()
        if options["manager"] is not None and manager is None:
            raise CommandError(f"--manager: {no_account(options['manager'])}")
        if Project.objects.filter(slug=options["slug"]).exists():
            raise CommandError(f"slug: “{options['slug']}” is taken; choose another")
        wanted = Project(slug=options["slug"], name=options["name"])
        try:
            wanted.full_clean(exclude=["created"])
        except ValidationError as error:
            wrong = (f"{field}: {' '.join(found)}" for field, found in error.message_dict.items())
            raise CommandError("\n".join(wrong)) from None
        project = create_project(options["slug"], options["name"], manager)
        self.stdout.write(f"{project.slug}: made, with the batch “{project.batches.get().name}”")
