"""A market whose schemes are paid for by others, and claims on them."""

from datetime import date
from typing import Final

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.claims.acts import ClaimActs
from hub.desk.claims.model import Made, ShortLine, ToMake
from hub.desk.claims.reads import ClaimDetail, read_claim
from tests.builders.market import FILES, Market, new_uuid, packed
from tests.builders.money import billed, delivered

BY: Final = "asha"
TODAY: Final = date(2026, 11, 21)
FUNDED: Final = """
schemes:
  - id: SCH-LEAF
    text: {en: Ten percent on tea, hi: चाय पर दस प्रतिशत}
    when: {sku: TEA}
    count: {over: line, of: qty}
    slabs: [{from: 2, percent: 10}]
    funder: LEAF
  - id: SCH-MORE
    text: Five percent more from ten
    when: {sku: TEA}
    count: {over: line, of: qty}
    slabs: [{from: 10, percent: 5}]
    funder: HIVE
  - id: SCH-GIFT
    text: Honey with twenty soaps
    when: {sku: SOAP}
    count: {over: line, of: qty}
    free: {every: 20, give: 1, item: HONEY}
    funder: HIVE
  - id: SCH-BILL
    text: Two percent of everything
    stage: order
    slabs: [{from: 500.00, percent: 2}]
    funder: LEAF
"""
FUNDERS: Final = (
    "LEAF,Leaf Company,company,IN/KA,active,none,\nHIVE,Hive Works,company,IN/KA,active,none,\n"
)


def fund(market: Market) -> None:
    """Have two companies pay for schemes of the market."""
    market.load(customers=FILES["customers.csv"] + FUNDERS)
    market.publish(packed(version=2, more=FUNDED))


def claims_of(market: Market) -> ClaimActs:
    """Give the acts of claims."""
    return market.hub.ground.part(ClaimActs)


def try_claim(market: Market, funder: str, *, until: date = TODAY, key: str = "") -> Made | Refused:
    """Make a claim, or be refused."""
    asked = ToMake(funder, until)
    return claims_of(market).make(asked, key=key or new_uuid(), by=BY, scope=EVERYTHING)


def claimed(market: Market, funder: str) -> Made:
    """Make a draft of all that a funder was not asked for."""
    made = try_claim(market, funder)
    assert isinstance(made, Made), made
    return made


def sent_claim(market: Market, funder: str) -> Made:
    """Make a claim and send it."""
    made = claimed(market, funder)
    done = claims_of(market).move(made.id, "sent", by=BY, scope=EVERYTHING)
    assert isinstance(done, Made), done
    return made


def shorted(market: Market, made: Made, line: int, amount: int, *, why: str = "no proof") -> Made:
    """Have a funder not pay some of a line."""
    shorts = [ShortLine(line, amount)]
    done = claims_of(market).short(made.id, shorts, why=why, by=BY, scope=EVERYTHING)
    assert isinstance(done, Made), done
    return done


def shown(market: Market, made: Made, *, language: str = "en") -> ClaimDetail:
    """Read a claim."""
    with market.hub.ground.database.read() as connection:
        found = read_claim(connection, made.id, language=language, scope=EVERYTHING)
    assert found is not None
    return found


def given(market: Market) -> dict[tuple[str, str], int]:
    """Give what each scheme gave in all, with whose money, in minor units."""
    rows = market.rows(
        "SELECT scheme, funder, sum(amount) FROM scheme_given GROUP BY scheme, funder"
    )
    return {(scheme, funder): int(amount) for scheme, funder, amount in rows}


def claim_all(market: Market) -> None:
    """Bring a market to claims of each kind: a draft, paid short, withdrawn."""
    fund(market)
    billed(market, delivered(market, ("TEA", 10), ("SOAP", 20)))
    shorted(market, sent_claim(market, "LEAF"), 1, 100)
    gone = claimed(market, "HIVE")
    claims_of(market).move(gone.id, "withdrawn", why="wrong", by=BY, scope=EVERYTHING)
    claimed(market, "HIVE")
