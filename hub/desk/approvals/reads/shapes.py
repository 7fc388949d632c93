"""What a held order asks for without its amount, read by the database so that it is counted by."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

_NEEDS: Final = range(3)
"""As many needs as orders usually have; amounts of those beyond make more shapes, no wrong ones."""
_AMOUNT: Final = 3
"""The place of the amount in a need as it is kept: code, rule, steps, amount."""


class ShapeOf(ColumnElement[Any]):
    """The kept needs with every amount 0: all orders of one shape are decided by the same roles."""

    inherit_cache = False
    type = String()

    def __init__(self, needs: ColumnElement[Any]) -> None:
        self.needs: Final = needs

    def get_children(self, **_: Any) -> tuple[ColumnElement[Any]]:  # noqa: ANN401
        """Give the column, whose table a query has to name."""
        return (self.needs,)


class AmountOf(ShapeOf):
    """The largest amount of the kept needs; nothing where none are kept."""

    inherit_cache = False
    type = BigInteger()  # type: ignore[assignment]


@compiles(ShapeOf, "sqlite")
def _shape_sqlite(element: ShapeOf, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    needs = compiler.process(element.needs, **how)
    zeros = ", ".join(f"'$[{need}][{_AMOUNT}]', 0" for need in _NEEDS)
    kept = f"coalesce(length({needs}), 0) > 0"
    return f"CASE WHEN {kept} THEN json_replace(CAST({needs} AS TEXT), {zeros}) ELSE '' END"


@compiles(ShapeOf)
def _shape(element: ShapeOf, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    needs = compiler.process(element.needs, **how)
    written = f"convert_from({needs}, 'UTF8')::jsonb"
    for need in _NEEDS:
        written = f"jsonb_set({written}, '{{{need},{_AMOUNT}}}', '0', false)"
    return f"CASE WHEN coalesce(length({needs}), 0) > 0 THEN ({written})::text ELSE '' END"


@compiles(AmountOf, "sqlite")
def _amount_sqlite(element: AmountOf, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    needs = compiler.process(element.needs, **how)
    text = f"CAST({needs} AS TEXT)"
    each = ", ".join(
        f"coalesce(json_extract({text}, '$[{need}][{_AMOUNT}]'), 0)" for need in _NEEDS
    )
    return f"CASE WHEN coalesce(length({needs}), 0) > 0 THEN max({each}) END"


@compiles(AmountOf)
def _amount(element: AmountOf, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    needs = compiler.process(element.needs, **how)
    written = f"convert_from({needs}, 'UTF8')::jsonb"
    each = ", ".join(
        f"coalesce(({written} #>> '{{{need},{_AMOUNT}}}')::bigint, 0)" for need in _NEEDS
    )
    return f"CASE WHEN coalesce(length({needs}), 0) > 0 THEN greatest({each}) END"
