"""Sellers, and what their documents say of them, as texts of a form."""

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.base.numbering import series
from hub.desk.parties.tables import letterhead, party


def read_texts(connection: Connection, seller: str, *, scope: Scope) -> dict[str, str]:
    """Read what documents say of a seller, and the prefixes that were set."""
    query = select(party.c.id, party.c.name).where(
        party.c.code == seller, visible(scope, seller=party.c.id)
    )
    row = connection.execute(query).first()
    if row is None:
        return {}
    own = letterhead.c.seller_id == row.id
    said = connection.execute(select(letterhead).where(own)).mappings().first()
    texts = {name: str(value) for name, value in said.items()} if said else {"name": row.name}
    texts.pop("seller_id", None)
    table = series.c
    numbered = select(table.kind, table.prefix).where(table.seller_id == row.id)
    for kind, prefix in connection.execute(numbered.order_by(table.financial_year)):
        texts[f"prefix_{kind}"] = prefix
    return texts
