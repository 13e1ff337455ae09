"""Serve the site, with the worker beside it."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from annotator.actions.people import make_sign_in_link
from annotator.links import link_url
from annotator.models import User
from config.demo import CAST, load_demo
from config.serving import PortTaken, Site, is_loopback
from config.settings import site_url
from retrieval.engines import EngineUnavailableError
from retrieval.progress import Terminal


class Command(BaseCommand):
    help = "Bring the database up to date, then serve the site and run the worker beside it until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: PORT, or 8000")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default 2)")
        parser.add_argument("--threads", type=int, default=4, help="threads of each (default 4)")
        parser.add_argument(
            "--without-worker", action="store_true", help="the web server alone, where workers run elsewhere"
        )
        parser.add_argument(
            "--demo", action="store_true", help="load the demo and print a sign-in link per person; on loopback only"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        size = options["workers"], options["threads"]
        site = Site(options["host"], options["port"], *size, has_worker=not options["without_worker"])
        if options["demo"] and not (is_loopback(site.host) and is_loopback(settings.SITE_HOST)):
            raise CommandError("--demo hands out sign-in links to whoever reads this terminal: on loopback only")
        try:
            site.check_port()  # before all that takes long
            self.prepare(site.port, demo=options["demo"])
            site.run(ready=lambda: self.announce(links=options["demo"]))
        except PortTaken as taken:
            raise CommandError(f"{taken}; choose another with PORT=8001") from None
        except EngineUnavailableError as error:
            raise CommandError(f"the demo cannot be indexed: {error}") from error

    def prepare(self, port: int, *, demo: bool) -> None:
        """Bring database, static files and perhaps the demo up to date."""
        os.environ["PORT"] = str(port)  # where the links of the pages lead
        os.environ.pop("PORT_FILE", None)  # whose value this now is
        settings.SITE_URL = site_url(port)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if demo:
            load_demo(Terminal())
        connections.close_all()

    def announce(self, *, links: bool) -> None:
        """Say where the site is, and hand out links to the demo's people."""
        self.stdout.write(f"\nProviso is at {settings.SITE_URL}/ (Ctrl-C stops it)")
        if links:
            self.stdout.write("Sign in as one of the demo’s people; each link works once:\n\n")
            for name, what in CAST.items():
                link = link_url(make_sign_in_link(User.objects.get(username=name)))
                self.stdout.write(f"  {name.title():4} {what:32} {link}")
        self.stdout.write("")
        connections.close_all()
