"""Print a one-time link that signs a person in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotator.actions.people import LINK_LASTS, make_sign_in_link, no_account
from annotator.links import link_url
from annotator.models import User


class Command(BaseCommand):
    help = "Print a one-time sign-in link for an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the account's username")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(no_account(options["user"]))
        if not user.is_active:
            raise CommandError(f"The account “{user}” is shut.")
        self.stdout.write(link_url(make_sign_in_link(user)))
        self.stderr.write(f"Works once, within {LINK_LASTS.days} days.")
