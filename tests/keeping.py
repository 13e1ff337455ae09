"""What the database of the tests holds before the first of them, brought back after each that commits."""

import sqlite3
from collections.abc import Callable

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TransactionTestCase


def kept_file() -> Callable[[TransactionTestCase], None]:
    """Return what makes the file again what it is now, which is faster than to empty every table and fill some."""
    kept = sqlite3.connect(":memory:")
    connection.connection.backup(kept)

    def bring_back(_case: TransactionTestCase) -> None:
        connection.ensure_connection()
        with connection.write_lock.around_statement():  # type: ignore[attr-defined]
            kept.backup(connection.connection)

    return bring_back


def kept_rows() -> Callable[[TransactionTestCase], None]:
    """Return what makes the rows of PostgreSQL again what they are now, of the tables alone that had or have any."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS kept")
        kept = {table: columns_of(table) for table in filled()}
        for table in kept:
            cursor.execute(f'CREATE TABLE kept."{table}" AS TABLE "{table}"')
    numbered = [model for model in apps.get_models() if model._meta.db_table in kept]
    counted_on = " ".join(connection.ops.sequence_reset_sql(no_style(), numbered))  # a test may have reset them

    def bring_back(_case: TransactionTestCase) -> None:
        # No TRUNCATE: it makes files for every index of every table that leads to one of these.
        with transaction.atomic(), connection.cursor() as cursor:
            for table in filled():
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
            for table, names in kept.items():
                cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM kept."{table}"')  # noqa: S608
            cursor.execute(counted_on)
        ContentType.objects.clear_cache()

    return bring_back


def filled() -> list[str]:
    """Return the tables that hold a row."""
    asked = (
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"  # noqa: S608
        for table in connection.introspection.table_names()
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def columns_of(table: str) -> str:
    """Return the names of the columns that are written; the database makes the others."""
    asked = "SELECT column_name FROM information_schema.columns WHERE is_generated = 'NEVER' AND table_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} AND table_schema = current_schema()", [table])
        return ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
