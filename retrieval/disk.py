"""A full disk, by whoever meets it: the system, a database or an index."""

from errno import ENOSPC

from django.db import OperationalError

# SQLite, PostgreSQL, and tantivy, whose errors are all of one kind, in their own words.
WORDS = ("database or disk is full", "No space left on device", f"(os error {ENOSPC})")


def is_full(error: BaseException) -> bool:
    """Return whether the error says that a disk is full."""
    if isinstance(error, OSError):
        return error.errno == ENOSPC
    return isinstance(error, OperationalError | ValueError) and any(words in str(error) for words in WORDS)
