"""Say how every part of the installation is; ends with 1 where something that is configured is down."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from config.status import Part, State, parts


class Command(BaseCommand):
    help = "Say how database, worker, broker, search indexes and disk are, and what to do where one is not well."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        down = False
        for part in parts():
            self.stdout.write(line_of(part))
            down = down or part.state is State.DOWN
        if down:
            sys.exit(1)


def line_of(part: Part) -> str:
    do = f"\n{'':8} → {part.do}" if part.do else ""
    return f"{part.state:8} {part.name}: {part.says}{do}"
