"""Row scope: who sees which rows, over a small tree of parties.

Company 1 has the distributors 10 and 20; 10 has the retailers 11 and 12, 20 has 21.
"""

import itertools

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, insert, select

from hub.base.access import EVERYTHING, NOTHING, Scope, visible
from hub.desk.parties.tables import party
from tests.builders.ground import Ground

PATHS = ((1,), (1, 10), (1, 20), (1, 10, 11), (1, 10, 12), (1, 20, 21))
SELLING = (10, 20)
"""Who sells beside the company: in a column `seller_id` stands nobody else."""
NAMES = ("seller_id", "party", "user_id", "beat")
_tables = MetaData()
closure = Table(
    "party_closure",
    _tables,
    Column("ancestor_id", BigInteger, primary_key=True),
    Column("descendant_id", BigInteger, primary_key=True),
)
visit = Table(
    "scoped_row",
    _tables,
    Column("id", BigInteger, primary_key=True),
    *(Column(name, BigInteger, nullable=True) for name in NAMES),
)
ROWS = {
    1: (10, 11, 5, 100),
    2: (10, 12, 6, 200),
    3: (20, 21, 5, 300),
    4: (1, 10, None, None),
    5: (None, None, None, None),
}
"""Id: seller, customer, who made it, beat. Row 4 is the order of distributor 10 to the company."""


@pytest.fixture
def rows(ground: Ground) -> Ground:
    """Write the tree and the rows."""
    with ground.database.change_schema() as connection:
        closure.drop(connection, checkfirst=True)
        _tables.create_all(connection)
        below = {(above, path[-1]) for path in PATHS for above in path}
        connection.execute(
            insert(closure), [{"ancestor_id": a, "descendant_id": d} for a, d in sorted(below)]
        )
        sellers = [
            {"id": one, "code": f"D{one}", "name": f"D{one}", "kind": "distributor", "sells": True}
            for one in SELLING
        ]
        connection.execute(insert(party), sellers)
        for number, values in ROWS.items():
            connection.execute(
                insert(visit).values(id=number, **dict(zip(NAMES, values, strict=True)))
            )
    return ground


def seen(ground: Ground, scope: Scope, *columns: str) -> list[int]:
    """Read the rows that a scope shows, by the columns that a table has."""
    names = {"seller": "seller_id", "party": "party", "user": "user_id", "beat": "beat"}
    given = {name: visit.c[names[name]] for name in columns or names}
    query = select(visit.c.id).where(visible(scope, **given)).order_by(visit.c.id)
    with ground.database.read() as connection:
        return list(connection.execute(query).scalars())


@pytest.mark.parametrize(
    ("scope", "ids"),
    [
        pytest.param(EVERYTHING, [1, 2, 3, 4, 5], id="everything"),
        pytest.param(NOTHING, [], id="nothing"),
        pytest.param(Scope(sellers=frozenset({1})), [1, 2, 3, 4], id="staff of the company"),
        pytest.param(Scope(sellers=frozenset({10})), [1, 2], id="staff of one distributor"),
        pytest.param(
            Scope(sellers=frozenset({10}), parties=frozenset({10})), [1, 2, 4], id="partner"
        ),
        pytest.param(Scope(parties=frozenset({21})), [3], id="partner of a retailer"),
        pytest.param(Scope(user=5), [1, 3], id="own rows"),
        pytest.param(Scope(beats=frozenset({200, 300})), [2, 3], id="beats"),
        pytest.param(
            Scope(sellers=frozenset({10}), user=5, beats=frozenset({300}), narrowed=True),
            [1],
            id="a field rep sees nothing of another seller",
        ),
        pytest.param(
            Scope(sellers=frozenset({10}), narrowed=True), [], id="a field rep without a beat"
        ),
    ],
)
def test_a_person_sees_the_rows_of_the_scope_and_no_other(
    rows: Ground, scope: Scope, ids: list[int]
) -> None:
    assert seen(rows, scope) == ids


def test_of_stock_a_field_rep_sees_all_that_the_seller_has(rows: Ground) -> None:
    rep = Scope(sellers=frozenset({10}), beats=frozenset({100}), narrowed=True)

    assert seen(rows, rep, "seller") == [1, 2]
    assert seen(rows, rep, "seller", "beat") == [1]


def test_without_a_seller_s_column_only_what_is_the_person_s_own_counts(rows: Ground) -> None:
    staff = Scope(sellers=frozenset({1}), user=6)

    assert seen(rows, staff, "party") == []
    assert seen(rows, staff, "user") == [2]


def test_no_scope_sees_more_for_a_table_that_says_more(rows: Ground) -> None:
    columns = ("party", "user", "beat")
    scopes = [
        Scope(sellers=sellers, parties=parties, user=user, narrowed=True)
        for sellers, parties, user in itertools.product(
            (frozenset[int](), frozenset({10})), (frozenset[int](), frozenset({11, 21})), (None, 5)
        )
    ]

    wider = [
        (scope, column)
        for scope in scopes
        for column in columns
        if not set(seen(rows, scope, "seller", column)) <= set(seen(rows, scope, "seller"))
    ]

    assert wider == []


def test_a_table_that_does_not_say_whose_its_rows_are_has_no_scope() -> None:
    with pytest.raises(ValueError, match="whose"):
        visible(EVERYTHING)
