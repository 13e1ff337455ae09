"""Writes numbers into a SQLite file through our backend, from several threads: ``FILE NAME THREADS COUNT``."""

import sys
import threading

import django
from django.conf import settings


def configured(path: str) -> None:
    """Set Django up over nothing but our backend, as the settings set it."""
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    options = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": pragmas}
    settings.configure(DATABASES={"default": {"ENGINE": "config.sqlite", "NAME": path, "OPTIONS": options}})
    django.setup()


def write(name: str, count: int) -> None:
    """Read, then write: half of the times in a transaction, half as a statement that commits by itself."""
    from django.db import connection, transaction

    for number in range(count):
        with connection.cursor() as cursor:
            if number % 2:
                cursor.execute("INSERT INTO written VALUES (%s, %s)", [name, number])
                continue
            with transaction.atomic():
                cursor.execute("SELECT value FROM counter")
                (value,) = cursor.fetchone()
                cursor.execute("UPDATE counter SET value = %s", [value + 1])
                cursor.execute("INSERT INTO written VALUES (%s, %s)", [name, number])
    connection.close()


def main() -> None:
    path, name, threads, count = sys.argv[1:]
    configured(path)
    failures: list[str] = []
    threading.excepthook = lambda failed: failures.append(f"{failed.exc_type}: {failed.exc_value}")
    writers = [threading.Thread(target=write, args=(f"{name}-{one}", int(count))) for one in range(int(threads))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    sys.exit("\n".join(failures) or 0)


if __name__ == "__main__":
    main()
