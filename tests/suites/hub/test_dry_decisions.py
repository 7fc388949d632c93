"""What an order would come to: told by the path that decides it, without a trace."""

from collections.abc import Sequence

from sqlalchemy import select

from hub.base.access import EVERYTHING, NOTHING, Scope
from hub.base.engine.columns import metadata
from hub.desk.orders.deciding import Changed, DryDecision
from hub.desk.orders.model.asked import Amendment, AskedLine, AskedOrder, PlacedOrder
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.request import Requester
from hub.desk.orders.reads.documents import write_order
from hub.desk.orders.reads.order import read_order
from tests.builders.market import Market

SUNIL = Requester("user", "sunil")
BASKETS = {
    "confirmed, with free goods and a scheme": ("C2", (("RICE", 25), ("SOAP", 10))),
    "cut to what there is": ("C2", (("TEA", 500), ("RICE", 1))),
    "held above the limit": ("C1", (("RICE", 30),)),
    "held without a price": ("C2", (("OIL", 1),)),
    "rejected, of a blocked customer": ("C3", (("RICE", 1),)),
}
ONLY_DECIDED = ("status", "totals", "lines", "free", "reasons", "changed", "content_hash")


def asked(customer: str, lines: Sequence[tuple[str, int]], key: str = "k1") -> AskedOrder:
    """Write an order of staff."""
    return AskedOrder(key, "staff", customer, tuple(AskedLine(*one) for one in lines))


def foreseen(market: Market, order: AskedOrder, scope: Scope = EVERYTHING) -> DryDecision:
    """Ask what an order would come to."""
    found = market.orders.foresee.place(order, by=SUNIL, scope=scope)
    assert isinstance(found, DryDecision), found
    return found


def placed(market: Market, order: AskedOrder) -> PlacedOrder:
    """Place an order."""
    done = market.orders.place(order, by=SUNIL, scope=EVERYTHING)
    assert isinstance(done, PlacedOrder), done
    return done


def stored(market: Market, uuid: str) -> dict[str, object]:
    """Read what was decided of an order."""
    with market.database.read() as connection:
        found = read_order(connection, uuid, scope=EVERYTHING)
    assert found is not None
    return {name: write_order(found)[name] for name in ONLY_DECIDED}


def everything(market: Market) -> dict[str, object]:
    """Read every row of every table."""
    with market.database.read() as connection:
        return {
            one.name: sorted(map(repr, connection.execute(select(one))))
            for one in metadata.sorted_tables
        }


def test_what_is_foreseen_is_what_placing_it_then_decides(market: Market) -> None:
    orders = [asked(*basket, key=name) for name, basket in BASKETS.items()]

    told = [(foreseen(market, one).document(), placed(market, one).uuid) for one in orders]

    assert [{name: dry[name] for name in ONLY_DECIDED} for dry, _ in told] == [
        stored(market, uuid) for _, uuid in told
    ]
    assert [dry["status"] for dry, _ in told] == [*["allocated"] * 2, *["held"] * 2, "rejected"]


def test_looking_ahead_leaves_no_trace(market: Market) -> None:
    placed(market, asked("C2", [("RICE", 3)], key="before"))
    before = everything(market)

    dry = foreseen(market, asked("C2", [("TEA", 24), ("RICE", 25), ("SOAP", 10)]))
    order = market.rows("SELECT uuid FROM order_")[0][0]
    market.orders.foresee.amend(order, Amendment(lines=(AskedLine("TEA", 5),)), scope=EVERYTHING)

    assert (dry.revision.status, dry.stock) == (
        "allocated",
        {"TEA": 110, "RICE": 997, "SOAP": 5000},
    )
    assert everything(market) == before


def test_an_amendment_is_foreseen_as_if_the_order_had_given_back_what_it_holds(
    market: Market,
) -> None:
    uuid = placed(market, asked("C2", [("TEA", 100)])).uuid
    change = Amendment(lines=(AskedLine("TEA", 110), AskedLine("SOAP", 1)))

    dry = market.orders.foresee.amend(uuid, change, scope=EVERYTHING)
    assert isinstance(dry, DryDecision)
    document = dry.document()
    done = market.orders.amend(uuid, change, by="sunil")

    assert isinstance(done, Changed)
    assert [one.code for one in dry.changes] == ["quantity_now", "line_added"]
    then = stored(market, uuid)
    assert [document[name] for name in ("status", "lines", "totals", "content_hash")] == [
        then[name] for name in ("status", "lines", "totals", "content_hash")
    ]


def test_nobody_foresees_for_a_customer_or_an_order_of_others(market: Market) -> None:
    uuid = placed(market, asked("C2", [("TEA", 1)])).uuid
    change = Amendment(payment="cash")

    new = market.orders.foresee.place(asked("C2", [("TEA", 1)]), by=SUNIL, scope=NOTHING)
    amended = market.orders.foresee.amend(uuid, change, scope=NOTHING)
    outdated = market.orders.foresee.amend(uuid, change, scope=EVERYTHING, seen=7)

    codes = [one.reason.code for one in (new, amended, outdated) if isinstance(one, Refused)]
    assert codes == ["customer_unknown", "order_unknown", "order_changed"]
