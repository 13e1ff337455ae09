"""A query that is compiled once: every request of the workbench begins with the same seven tables joined.

Django makes a query's SQL anew each time, which for that join takes longer than all the rest of asking for it.
"""

from collections.abc import Callable, Iterator
from copy import copy
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)


class Prepared(Generic[Row]):
    """A query by its values: ``build`` makes it, and is called once, with values that stand in for all others.

    They must differ from each other and from every constant of the query, whose shape must not hang on them. Where only
    the first row is wanted, the query says so.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], *stand_ins: object) -> None:
        self.build = build
        self.stand_ins = stand_ins
        self.compiled = cache(self.compile)

    def compile(self, vendor: str) -> tuple[QuerySet[Row], Any, str, tuple[object, ...]]:  # noqa: ARG002 - a key
        queryset = self.build(*self.stand_ins)
        compiler = queryset.query.get_compiler(queryset.db)
        sql, params = compiler.as_sql()
        # Worked out anew for every row's columns, these would take longer than the database needs.
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        compiler.get_converters = lambda _columns: converters
        return queryset, compiler, sql, params

    def first(self, *values: object) -> Row | None:
        """Return the first row of the query with these values. One query."""
        return next(self.rows(*values), None)

    def rows(self, *values: object) -> Iterator[Row]:
        """Yield the rows of the query with these values. One query."""
        connection = connections[DEFAULT_DB_ALIAS]
        queryset, compiler, sql, params = self.compiled(connection.vendor)
        given = {
            as_param(stand_in, connection): as_param(value, connection)
            for stand_in, value in zip(self.stand_ins, values, strict=True)
        }
        compiler = copy(compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_named: (sql, tuple(given.get(param, param) for param in params))
        query: Any = copy(queryset.query)
        query.get_compiler = lambda *_args, **_named: compiler
        return iter(ModelIterable(QuerySet(queryset.model, query)))


def as_param(value: object, connection: BaseDatabaseWrapper) -> object:
    """Return a value as a compiled query has it among its parameters: on SQLite a time is a text there."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
