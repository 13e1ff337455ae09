#!/usr/bin/env python
"""Run a management command of Proviso."""

import os
import sys

from django.core.management import execute_from_command_line
from environs import EnvError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as wrong:  # a setting: its name and what is wrong with it say all
        sys.exit(str(wrong))
