"""In which language a customer's papers are."""

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.desk.parties.tables import customer_profile, party


def read_language(connection: Connection, code: str, *, scope: Scope) -> str:
    """Give the language of a customer's papers; empty where nobody has said one."""
    query = (
        select(customer_profile.c.language)
        .join(party, party.c.id == customer_profile.c.party_id)
        .where(party.c.code == code, visible(scope, seller=party.c.parent_id, party=party.c.id))
    )
    return connection.execute(query).scalar() or ""
