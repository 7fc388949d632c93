"""Rows that were worked out beforehand, as a table that a report is made from, on both engines."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import CTE, BigInteger, String, Text, bindparam, cast, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

_TYPES: Final[Mapping[str, TypeEngine[Any]]] = {"text": String(), "number": BigInteger()}


class _Elements(FunctionElement[Any]):
    """Each element of a JSON list as a row; its column is `value`."""

    name = "elements"
    inherit_cache = True


@compiles(_Elements, "sqlite")
def _sqlite(element: _Elements, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return f"json_each({compiler.process(element.clauses, **how)})"


@compiles(_Elements)
def _postgresql(element: _Elements, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **how)} AS jsonb))"


def table_of_known(name: str, columns: Mapping[str, str], known: Sequence[Sequence[object]]) -> CTE:
    """Give rows as a table; `columns` says of each whether it is a `text` or a `number`.

    The rows are one parameter of the statement, however many they are: 50,000 rows of a team's
    month are as short a statement as one.
    """
    written = bindparam(None, msgspec.json.encode(known).decode(), Text(), unique=True)
    rows = _Elements(written).table_valued("value", name=f"{name}_rows")
    return select(
        *(
            cast(rows.c.value.op("->>")(literal_column(str(place))), _TYPES[kind]).label(column)
            for place, (column, kind) in enumerate(columns.items())
        )
    ).cte(name)
