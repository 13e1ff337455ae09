"""Reading settings from the environment, or from the files that it names."""

import os
from typing import Any

from environs import EnvError, FileAwareEnv


class Environment(FileAwareEnv):
    """The environment. ``NAME_FILE`` may name the file in which the value of ``NAME`` stands, in its place."""

    def _get_value(self, env_key: str, default: Any) -> Any:
        """Return a value. Raises EnvError where its file cannot be read, or it is given twice."""
        file_key = f"{env_key}{self.file_suffix}"
        if os.environ.get(env_key) and os.environ.get(file_key):
            raise EnvError(f'Environment variables "{env_key}" and "{file_key}": only one of them can be set')
        try:
            return super()._get_value(env_key, default)
        except (OSError, ValueError) as error:
            why = error.__cause__ or error
            said = getattr(why, "strerror", None) or why
            raise EnvError(f'Environment variable "{file_key}" invalid: its file cannot be read ({said})') from error
