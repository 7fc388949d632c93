"""Finds texts by how they begin, by an index on either engine."""

from typing import Any, Final

from sqlalchemy import ColumnElement, and_, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType

_LAST: Final = "\U0010ffff"
"""Stands behind every text that goes on after the same beginning."""


class Begins(ColumnElement[Any]):
    """The condition that a text begins with another, which is not empty.

    PostgreSQL answers it from an index of the class `varchar_pattern_ops`, SQLite, where LIKE knows
    no case and uses no index, as a range.
    """

    inherit_cache = False
    type = NullType()  # a boolean would be compared with 1, which no index answers

    def __init__(self, column: ColumnElement[Any], text: str) -> None:
        self.as_range = and_(column >= literal(text), column < literal(text + _LAST))
        self.as_pattern = column.startswith(text, autoescape=True)


@compiles(Begins, "sqlite")
def _range(element: Begins, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return compiler.process(element.as_range.self_group(), **how)


@compiles(Begins)
def _pattern(element: Begins, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return compiler.process(element.as_pattern, **how)
