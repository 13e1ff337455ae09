#!/usr/bin/env python
"""Run a management command of Proviso."""

import os
import sys

from django.core.management import execute_from_command_line
from environs import EnvError


def run() -> None:
    """Run the command that was typed, and write out all that it said, also where it ends the process."""
    try:
        execute_from_command_line(sys.argv)
    finally:
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        run()
    except EnvError as wrong:  # a setting: its name and what is wrong with it say all
        sys.exit(str(wrong))
    except BrokenPipeError:  # whoever read it, such as ``head``, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at its end
        sys.exit(1)
