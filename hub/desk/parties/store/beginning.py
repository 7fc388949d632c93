"""The tree of a new hub: the company alone, which nobody has named yet."""

from sqlalchemy import Connection, insert, literal, select

from hub.desk.parties.tables import HOUSE, UNNAMED, party, party_closure


def write_first_party(connection: Connection, *, now_ms: int) -> None:  # noqa: ARG001  # all have it
    """Put the company at the root of a tree without a party."""
    connection.execute(
        insert(party).values(
            code=HOUSE,
            name=UNNAMED,
            kind="company",
            sells=True,
            geo="",
            status="active",
            credit_state="none",
            credit_limit=0,
        )
    )
    own = select(party.c.id, party.c.id, literal(0))
    columns = ["ancestor_id", "descendant_id", "depth"]
    connection.execute(insert(party_closure).from_select(columns, own))
