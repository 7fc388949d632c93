"""Every name that a question may name, read from the masters in the asker's scope."""

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, func, select

from hub.base.access import Scope, visible
from hub.desk.assistant.model.names import Entry, folded
from hub.desk.claims.tables import scheme_given
from hub.desk.parties.tables import HOUSE, customer_profile, party, party_mapping
from hub.desk.people.tables import user_account
from hub.desk.products.tables import product
from hub.desk.rulepacks.reads import read_scheme_names
from hub.desk.schemes.tables import scheme_counter
from hub.desk.stock.tables import warehouse

_SHORTEST_AREA: Final = 2
_ALWAYS_MS: Final = 2**53


def read_named(connection: Connection, *, scope: Scope) -> Iterator[Entry]:
    """Read the names of customers and whatever is somebody's; none that the scope does not see."""
    yield from _customers(connection, scope)
    yield from _areas(connection, scope)
    yield from _reps(connection, scope)
    yield from _warehouses(connection, scope)
    yield from _funders(connection, scope)


def _customers(connection: Connection, scope: Scope) -> Iterator[Entry]:
    query = select(party.c.name, party.c.code).where(
        party.c.code != HOUSE, visible(scope, seller=party.c.parent_id, party=party.c.id)
    )
    for name, code in connection.execute(query):
        yield from _coded("customer", name, code)


def _areas(connection: Connection, scope: Scope) -> Iterator[Entry]:
    """Read regions, towns and districts: `IN/KA/BLR` is the areas KA and BLR, not the country."""
    seen = visible(scope, seller=party.c.parent_id, party=party.c.id)
    geos = connection.execute(select(party.c.geo).where(seen, party.c.geo != "").distinct())
    names = {one for geo in geos.scalars() for one in geo.split("/")[1:] or [geo]}
    for column in (customer_profile.c.city, customer_profile.c.district):
        query = select(column).join(party, party.c.id == customer_profile.c.party_id)
        names.update(connection.execute(query.where(seen, column != "").distinct()).scalars())
    yield from _plain("area", (one for one in names if len(one) >= _SHORTEST_AREA))


def _reps(connection: Connection, scope: Scope) -> Iterator[Entry]:
    query = (
        select(party_mapping.c.who, func.coalesce(user_account.c.shown, party_mapping.c.who))
        .join(party, party.c.id == party_mapping.c.party_id)
        .outerjoin(user_account, user_account.c.name == party_mapping.c.who)
        .where(
            party_mapping.c.role == "rep",
            visible(scope, seller=party.c.parent_id, party=party.c.id),
        )
        .distinct()
    )
    for who, shown in connection.execute(query):
        yield from _coded("rep", shown, who)


def _warehouses(connection: Connection, scope: Scope) -> Iterator[Entry]:
    query = select(warehouse.c.name, warehouse.c.code)
    for name, code in connection.execute(query.where(visible(scope, seller=warehouse.c.seller_id))):
        yield from _coded("warehouse", name, code)


def _funders(connection: Connection, scope: Scope) -> Iterator[Entry]:
    """Read who pays for schemes: by the code that rule packs have, and the party's name."""
    one = scheme_given.c
    query = (
        select(one.funder, func.coalesce(party.c.name, one.funder))
        .outerjoin(party, party.c.code == one.funder)
        .where(one.funder != "", visible(scope, seller=one.seller_id, party=one.customer_id))
        .distinct()
    )
    for code, name in connection.execute(query):
        yield from _coded("funder", name, code)


def read_goods(connection: Connection, *, scope: Scope) -> Iterator[Entry]:
    """Read products, brands, categories and schemes: the same for every scope."""
    del scope
    for name, sku in connection.execute(select(product.c.name, product.c.sku)):
        yield from _coded("product", name, sku)
    brands = select(product.c.brand).where(product.c.brand.is_not(None)).distinct()
    yield from _plain("brand", connection.execute(brands).scalars())
    paths = connection.execute(select(product.c.category).distinct()).scalars()
    yield from _plain("category", (one for path in paths for one in path.split("/")))
    used = select(scheme_counter.c.rule).where(scheme_counter.c.scope == "total").distinct()
    yield from _plain("scheme", connection.execute(used).scalars())
    yield from _schemes(connection)


def _schemes(connection: Connection) -> Iterator[Entry]:
    """Read what the newest rule pack that is published calls its schemes, in each language."""
    texts = read_scheme_names(connection, _ALWAYS_MS)
    for code, by_language in texts.items():
        for text in dict.fromkeys(by_language.values()):
            if _letters(text) != _letters(code):
                yield Entry("scheme", text, code)


def _coded(kind: str, name: str, code: str) -> Iterator[Entry]:
    """Give a record by its name, and by its code where this is another word."""
    yield Entry(kind, name, code)
    if _letters(code) != _letters(name):
        yield Entry(kind, code, code)


def _letters(text: str) -> str:
    """Give a text without its signs and its case; folding a whole catalogue would take seconds."""
    return "".join(filter(str.isalnum, text)).casefold()


def _plain(kind: str, names: Iterable[str | None]) -> Iterator[Entry]:
    """Give names that have no code, one for each spelling: Nashik and NASHIK are one area."""
    spelled = {folded(name): name for name in sorted(filter(None, names), reverse=True)}
    yield from (Entry(kind, name) for name in spelled.values())
