"""Full-text search as an index and a lookup: a column with a GIN index on PostgreSQL, a table of FTS5 on SQLite.

Both narrow a search down to the texts that have all words somewhere; that they stand side by side is asked of the text.
"""

from collections.abc import Iterator
from typing import Any

from django.db import NotSupportedError, connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from annotator.words import Query, Term

# So many words of a phrase narrow the search down; the phrase itself is looked for in what is left.
TELLING = 8
# Stored, since making it anew of each row is what a plan that reads rows would take its time for. The statistics tell
# a plan how many rows have a word, of more words than usual: few are best looked up, many read in their order.
STORED = (
    "ALTER TABLE %(table)s ADD COLUMN vector tsvector GENERATED ALWAYS AS (words::tsvector) STORED; "
    "ALTER TABLE %(table)s ALTER COLUMN vector SET STATISTICS 1000"
)
MADE = "CREATE VIRTUAL TABLE IF NOT EXISTS %(table)s_words USING fts5(words, content='', tokenize='ascii', detail=none)"
KEPT = {
    "ai": "AFTER INSERT ON %(table)s BEGIN INSERT INTO %(table)s_words(rowid, words) VALUES (new.id, new.words); END",
    "ad": "AFTER DELETE ON %(table)s BEGIN INSERT INTO %(table)s_words(%(table)s_words, rowid, words) "
    "VALUES ('delete', old.id, old.words); END",
}


class WordIndex(models.Index):
    """The index of a column that holds words with a space around each, of rows that never change."""

    def create_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor, using: str = "", **kwargs: Any) -> Any:  # noqa: ARG002
        table = Table(model._meta.db_table, str)
        if schema_editor.connection.vendor == "postgresql":
            return Statement(f"{STORED}; CREATE INDEX {self.name} ON %(table)s USING gin (vector)", table=table)
        refuse_without_fts5(schema_editor)
        triggers = (f"CREATE TRIGGER IF NOT EXISTS %(table)s_{name} {does}" for name, does in KEPT.items())
        schema_editor.deferred_sql += [Statement(trigger, table=table) for trigger in triggers]
        return Statement(MADE, table=table)

    def remove_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor, **kwargs: Any) -> Any:  # noqa: ARG002
        table = Table(model._meta.db_table, str)
        if schema_editor.connection.vendor == "postgresql":
            return Statement("ALTER TABLE %(table)s DROP COLUMN IF EXISTS vector", table=table)  # and its index
        triggers = (f"DROP TRIGGER IF EXISTS %(table)s_{name}" for name in KEPT)
        schema_editor.deferred_sql += [Statement(trigger, table=table) for trigger in triggers]
        return Statement("DROP TABLE IF EXISTS %(table)s_words", table=table)


def refuse_without_fts5(schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        if not cursor.fetchone()[0]:
            raise NotSupportedError(
                "This Python’s SQLite has no FTS5: take one that has, or PostgreSQL (DATABASE_URL)."
            )


def having(rows: "QuerySet[Any]", query: Query, where: dict[str, Any]) -> Any:
    """Return the rows that stand somewhere, have all words of a query’s terms, and none that it bars as a word.

    Each has its ``key``, in whose order the index is read: whoever wants the first ones orders by that, and not by pk.
    """
    table = rows.model._meta.db_table
    if connections[rows.db].vendor == "postgresql":
        params = [" & ".join(for_postgresql(query))]
        found = rows.filter(**where).extra(where=[f"{table}.vector @@ %s::tsquery"], params=params)  # noqa: S610 - names of ours
        return found.annotate(key=F("pk"))
    # Joined, and asked where they stand of the index alone: SQLite then begins with the index, and ends with a limit.
    joined = [f"{table}_words MATCH %s", f"{table}_words.rowid = {table}.id"]
    words = for_sqlite(query.of(*map(str, where.values())))
    found = rows.extra(tables=[f"{table}_words"], where=joined, params=[words])  # noqa: S610 - names of ours
    return found.annotate(key=RawSQL(f"{table}_words.rowid", (), models.BigIntegerField()))  # noqa: S611 - names of ours


def telling(term: Term) -> Iterator[tuple[str, bool]]:
    """Yield the words by which a term is looked for, each with whether it is the beginning of one."""
    for place, word in enumerate(term.words[:TELLING], 1):
        yield word, term.begins and place == len(term.words)


def for_postgresql(query: Query) -> Iterator[str]:
    for term in query.narrowing:
        for word, begins in telling(term):
            yield f"{'!' * term.barred}'{word}'{':*' * begins}"


def for_sqlite(query: Query) -> str:
    parts = {
        barred: [
            f'"{word}"{" *" * begins}'
            for term in query.narrowing
            if term.barred == barred
            for word, begins in telling(term)
        ]
        for barred in (False, True)
    }
    return " NOT ".join([f"({' AND '.join(parts[False])})", *parts[True]])
