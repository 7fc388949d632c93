"""Partners: let in once by a link, for their own party, and by whom."""

import socketserver
from email import message_from_bytes
from email.policy import default
from typing import Final

import pytest

from hub.base.access import Actor, Scope
from hub.base.jobs import Job
from hub.base.jobs.mailing import MailHost
from hub.desk.parties.reads import scope_of
from hub.desk.partners.acts import PartnerActs
from hub.desk.partners.acts.mail_link import MailLink
from hub.desk.partners.model import LINK_LASTS_MS, Invited
from hub.desk.partners.reads.people import PartnerRow, list_partners
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.people.model.faults import PeopleError
from tests.builders.market import FILES, Market, filled
from tests.suites.hub.test_notices import post

__all__ = ["post"]

CHOSEN: Final = "my own password"
_SELLERS: Final = (
    "code,name,kind,parent\nNORTH,North Trade,distributor,\nEAST,East Trade,distributor,\n"
)
_CUSTOMERS: Final = (
    "NORTH,North Trade,distributor,IN/DL,active,none,,",
    "N1,Nagarjuna Kirana,retailer,IN/DL,active,none,,NORTH",
    "E1,Ekambar Stores,retailer,IN/WB,active,none,,EAST",
)


@pytest.fixture
def market(market: Market) -> Market:
    """Give a market of two distributors below the company, each with a shop and its own admin."""
    head, *others = FILES["customers.csv"].splitlines()
    market.load(
        sellers=_SELLERS, customers=filled("\n".join([f"{head},seller", *others, *_CUSTOMERS]))
    )
    people = market.hub.ground.part(PeopleActs)
    for name, seller in (("asha", ""), ("nora", "NORTH"), ("ezra", "EAST")):
        people.add(name, roles=("admin",), password="correct horse")
        if seller:
            people.lines.set_rows(number_of(market, name), [("seller", seller)], by=OPERATOR)
    return market


def number_of(market: Market, name: str) -> int:
    """Give a user's number."""
    account = market.hub.ground.part(PeopleActs).sign_in.find_account(name)
    assert account is not None
    return account.id


def scope_now(market: Market, name: str) -> Scope:
    """Give the rows that somebody sees by now."""
    account = market.hub.ground.part(PeopleActs).sign_in.find_account(name)
    assert account is not None
    with market.hub.transactions.reading(at_ms=market.clock.ms) as t:
        return scope_of(t, account.id, account.roles)


def actor(market: Market, name: str) -> Actor:
    """Give somebody as who changes something."""
    return Actor(name, ("admin",), scope_now(market, name))


def acts_of(market: Market) -> PartnerActs:
    """Give the acts of partners."""
    return market.hub.ground.part(PartnerActs)


def invited(market: Market, *parties: str, by: str = "asha", name: str = "nina") -> Invited:
    """Invite somebody of parties."""
    return acts_of(market).invite(name, parties, shown="Nina Rao", by=actor(market, by))


def partners(market: Market, by: str = "asha") -> list[PartnerRow]:
    """Give the partners whom somebody sees."""
    with market.database.read() as connection:
        found = list_partners(connection, now_ms=market.clock.ms, scope=scope_now(market, by))
    return list(found)


def signed_in(market: Market, name: str, password: str) -> bool:
    """Say whether a name and a password open a session."""
    sign_in = market.hub.ground.part(PeopleActs).sign_in
    token = sign_in.enter(
        name=name, password=password, browser=Browser("127.0.0.1"), now_ms=market.clock.ms
    )
    return token is not None


def refused_as(code: str, market: Market, *parties: str, by: str, name: str = "other") -> None:
    """See that inviting somebody is refused."""
    with pytest.raises(PeopleError) as caught:
        invited(market, *parties, by=by, name=name)
    assert caught.value.code == code


def test_a_link_lets_in_once_and_looking_at_it_uses_nothing_up(market: Market) -> None:
    made = invited(market, "N1")
    welcome = acts_of(market).welcome

    looks = [welcome.look(made.token) for _ in range(20)]
    first = welcome(made.token, CHOSEN)
    second = welcome(made.token, "another password")

    assert {(one.name, one.shown, one.parties) for one in looks if one} == {
        ("nina", "Nina Rao", ("Nagarjuna Kirana",))
    }
    assert len([one for one in looks if one]) == 20
    assert first is not None
    assert second is None
    assert welcome.look(made.token) is None
    assert signed_in(market, "nina", CHOSEN)
    assert not signed_in(market, "nina", "another password")
    assert [one.link for one in partners(market)] == ["used"]
    assert market.broken() == set()


def test_a_link_opens_nothing_after_a_week_nor_once_a_newer_one_is_made(market: Market) -> None:
    old = invited(market, "N1")
    new = acts_of(market).invite.again(old.user, by=actor(market, "asha"))
    welcome = acts_of(market).welcome

    ended = welcome(old.token, CHOSEN)
    market.clock.ms += LINK_LASTS_MS
    lapsed = welcome(new.token, CHOSEN)

    assert (ended, lapsed) == (None, None)
    assert [one.link for one in partners(market)] == ["lapsed"]
    assert not signed_in(market, "nina", CHOSEN)


def test_another_link_changes_the_password_once_it_is_used_and_ends_the_sessions(
    market: Market,
) -> None:
    welcome, sign_in = acts_of(market).welcome, market.hub.ground.part(PeopleActs).sign_in
    account = welcome(invited(market, "N1").token, CHOSEN)
    assert account is not None
    session = sign_in.open(account, browser=Browser("127.0.0.1"), now_ms=market.clock.ms)
    again = acts_of(market).invite.again(account.id, by=actor(market, "asha"))

    before = signed_in(market, "nina", CHOSEN)
    welcome(again.token, "the next password")

    assert before
    assert not signed_in(market, "nina", CHOSEN)
    assert signed_in(market, "nina", "the next password")
    assert sign_in.find(session, now_ms=market.clock.ms, touch=False) is None


def test_a_link_is_only_for_who_is_a_partner_still(market: Market) -> None:
    made = invited(market, "N1")
    people = market.hub.ground.part(PeopleActs)
    people.change.set_roles(made.user, roles=("manager",), by=OPERATOR)

    assert acts_of(market).welcome(made.token, CHOSEN) is None
    with pytest.raises(PeopleError, match="user_unknown"):
        acts_of(market).invite.again(made.user, by=actor(market, "asha"))


def test_a_partner_sees_the_own_party_and_of_one_that_sells_what_it_sells(market: Market) -> None:
    invited(market, "N1")
    invited(market, "NORTH", name="nikhil")
    rows = market.rows("SELECT code, id FROM party")
    ids = {code: int(row) for code, row in rows}

    shop, distributor = scope_now(market, "nina"), scope_now(market, "nikhil")

    assert (set(shop.sellers), set(shop.parties)) == (set[int](), {ids["N1"]})
    assert (set(distributor.sellers), set(distributor.parties)) == ({ids["NORTH"]}, {ids["NORTH"]})


def test_who_sees_one_seller_invites_for_its_shops_alone(market: Market) -> None:
    made = invited(market, "N1", by="nora")

    refused_as("rows_unknown", market, "E1", by="nora")
    refused_as("rows_unknown", market, "N1", "E1", by="nora")
    refused_as("rows_unknown", market, by="nora")
    refused_as("user_exists", market, "E1", by="ezra", name="nina")

    assert [one.name for one in partners(market, "nora")] == ["nina"]
    assert partners(market, "ezra") == []
    with pytest.raises(PeopleError, match="user_unknown"):
        acts_of(market).invite.again(made.user, by=actor(market, "ezra"))


def test_an_administrator_of_a_seller_makes_no_partner_somebody_of_the_company(
    market: Market,
) -> None:
    made = invited(market, "N1", by="nora")
    people, nora = market.hub.ground.part(PeopleActs), actor(market, "nora")

    with pytest.raises(PeopleError, match="beyond_own"):
        people.change.set_roles(made.user, roles=("warehouse",), by=nora)
    with pytest.raises(PeopleError, match="rows_unknown"):
        people.lines.set_rows(made.user, [("customer", "E1")], by=nora)
    people.lines.set_rows(made.user, [("customer", "N1"), ("customer", "NORTH")], by=nora)
    people.lines.set_rows(made.user, [("seller", "NORTH")], by=nora)
    people.change.set_roles(made.user, roles=("warehouse",), by=nora)

    assert scope_now(market, "nina").sees_sellers
    assert not scope_now(market, "nina").sees_network
    assert len(scope_now(market, "nina").sellers) == 1


def test_a_link_is_mailed_and_no_job_holds_one(
    market: Market, post: socketserver.TCPServer
) -> None:
    made = acts_of(market).invite("nina", ["N1"], mail="nina@shop.test", by=actor(market, "asha"))
    host = MailHost("127.0.0.1", post.server_address[1], "hub@corner.test", pages="https://h.test/")
    (payload,) = market.rows("SELECT payload FROM job WHERE kind = 'partners.mail'")[0]
    data = {"user": made.user, "mail": "nina@shop.test", "by": "asha"}

    sent = MailLink(market.hub.transactions, market.clock, host)
    for _ in range(2):  # at least once: the second mail's link is the one that opens
        assert sent(Job(1, "partners.mail", "1", data, 0, 1, "test")) is None
    bodies = post.taken  # type: ignore[attr-defined]
    letters = [message_from_bytes(body, policy=default) for body in bodies]
    tokens = [one.get_content().split("/welcome/")[1].split()[0] for one in letters]
    first, last = (acts_of(market).welcome(one, CHOSEN) for one in tokens)

    assert made.token not in payload
    assert all(one not in payload for one in tokens)
    assert letters[0]["To"] == "nina@shop.test"
    assert "Corner Supplies" in letters[0]["Subject"]
    assert acts_of(market).welcome(made.token, CHOSEN) is None
    assert first is None
    assert last is not None


def test_a_link_that_could_not_be_sent_says_why(market: Market) -> None:
    acts_of(market).invite("nina", ["N1"], mail="nina@shop.test", by=actor(market, "asha"))

    market.hub.jobs.run_due("test")

    assert [(one.failed, one.link) for one in partners(market)] == [("no mail host", "open")]


def test_the_audit_names_a_link_that_was_used_when_it_opened_nothing(market: Market) -> None:
    acts_of(market).welcome(invited(market, "N1").token, CHOSEN)
    assert market.broken() == set()

    market.change("UPDATE partner_link SET used_at = until")

    assert market.broken() == {"partner_links"}
