"""The first reason of a revision, read by the database itself so that it can be counted by."""

from typing import Any, Final

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class FirstReason(ColumnElement[Any]):
    """The code of the first reason, out of the kept bytes: `[["over_limit",...` says over_limit."""

    inherit_cache = False
    type = String()

    def __init__(self, reasons: ColumnElement[Any]) -> None:
        self.reasons: Final = reasons

    def get_children(self, **_: Any) -> tuple[ColumnElement[Any]]:  # noqa: ANN401 -- SQLAlchemy's own
        """Give the column, whose table a query has to name."""
        return (self.reasons,)


@compiles(FirstReason, "sqlite")
def _sqlite(element: FirstReason, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    rest = f"substr({compiler.process(element.reasons, **how)}, 4)"
    return f"CAST(substr({rest}, 1, instr({rest}, X'22') - 1) AS TEXT)"


@compiles(FirstReason)
def _postgresql(element: FirstReason, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    rest = f"substring({compiler.process(element.reasons, **how)} from 4)"
    return (
        f"convert_from(substring({rest} from 1 for greatest(position('\\x22'::bytea in {rest}) - 1,"
        " 0)), 'UTF8')"
    )
