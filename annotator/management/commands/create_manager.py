"""Make the first account, which may make projects and use the administration pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from annotator.actions.people import LINK_LASTS, make_account, make_sign_in_link
from annotator.models import User
from annotator.views.sign_in import link_url


class Command(BaseCommand):
    help = "Make an account that may make projects, and print its one-time sign-in link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", nargs="?", default="manager", help="its username (default: manager)")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            user = make_account(options["user"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
        self.stdout.write(link_url(make_sign_in_link(user)))
        self.stderr.write(f"Works once, within {LINK_LASTS.days} days; the page lets you set a password.")
