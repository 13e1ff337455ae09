"""Make the first account, which may make projects and use the administration pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from annotator.actions.people import LINK_LASTS, make_account, make_sign_in_link
from annotator.links import link_url
from annotator.models import User


class Command(BaseCommand):
    help = "Make an account that may make projects, and print its one-time sign-in link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", nargs="?", default="manager", help="its username (default: manager)")

    def handle(self, *_args: Any, **options: Any) -> None:
        name = options["user"]
        if User.objects.filter(username=name).exists():
            raise CommandError(f"There is an account “{name}” already; sign_in_link {name} prints a link for it.")
        try:
            user = make_account(name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
        self.stderr.write(
            f"The account “{name}” is made; it may make projects and use the administration pages. While the site "
            f"runs, open this link (it works once, within {LINK_LASTS.days} days), sign in and set a password:"
        )
        self.stdout.write(link_url(make_sign_in_link(user)))
