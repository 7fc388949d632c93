"""A house of one: its owner publishes their own draft, and the audit finds where another could."""

import pytest

from hub.desk.people.acts import PeopleActs
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.suites.hub.test_packs import HOUR, added, refused, soap

pytestmark = pytest.mark.one_engine

PASSWORD = "a long password of a user"


def test_an_owner_who_is_alone_publishes_the_own_draft_with_a_reason_and_the_audit_notes_it(
    market: Market,
) -> None:
    people = Shelves(market.database)
    people.user("asha", "owner")
    people.user("ravi", "warehouse")
    people.user("gone", "admin", active=False)
    number = added(market)

    without = refused(lambda: market.packs.publish(number, by="asha", why=" "))
    market.packs.publish(number, by="asha", why="new prices of the mill")

    assert without == "alone_why"
    assert soap(market) == (1_200, number)
    assert market.broken() == set()
    assert "rule pack version 2 was published by asha, without a second person" in (
        market.audit().notes
    )


@pytest.mark.parametrize("role", ["owner", "admin", "manager", "rule_writer"])
def test_where_somebody_else_could_add_or_publish_nobody_publishes_alone(
    market: Market, role: str
) -> None:
    people = Shelves(market.database)
    people.user("asha", "owner")
    people.user("meera", role)
    number = added(market)

    code = refused(lambda: market.packs.publish(number, by="asha", why="no time to wait"))

    assert code == "same_person"


def test_staff_of_one_seller_are_no_second_person_for_the_rules_of_all(market: Market) -> None:
    market.load(sellers="code,name,kind,parent\nNORTH,North Trade,distributor,\n")
    people = market.hub.ground.part(PeopleActs)
    people.add("asha", roles=("owner",), password=PASSWORD)
    people.add("nora", roles=("admin",), password=PASSWORD)
    nora = people.sign_in.find_account("nora")
    assert nora is not None
    number = added(market)
    early = refused(lambda: market.packs.publish(number, by="asha", why="new prices"))
    market.clock.ms += HOUR
    people.lines.set_rows(nora.id, [("seller", "NORTH")], by=OPERATOR)
    market.clock.ms += HOUR

    market.packs.publish(number, by="asha", why="nobody else is of the house")
    sound = market.broken()
    market.clock.ms += HOUR
    people.lines.set_rows(nora.id, [], by=OPERATOR)

    assert early == "same_person"
    assert sound == set()
    assert market.broken() == set()
    market.change("UPDATE rule_pack SET published_at = published_at - 5400000 WHERE version = 2")
    assert market.broken() == {"pack_two_persons"}


def test_a_manager_who_is_alone_with_the_rules_is_no_owner(market: Market) -> None:
    Shelves(market.database).user("asha", "admin")
    number = added(market)

    code = refused(lambda: market.packs.publish(number, by="asha", why="nobody is there"))

    assert code == "same_person"


def test_a_pack_said_to_be_published_alone_although_somebody_else_could_is_found(
    market: Market,
) -> None:
    people = market.hub.ground.part(PeopleActs)
    people.add("asha", roles=("owner",), password=PASSWORD)
    alone = added(market)
    market.packs.publish(alone, by="asha", why="nobody else is here")
    market.clock.ms += HOUR
    people.add("meera", roles=("admin",), password=PASSWORD)
    second = added(market, version=3, soap="13.00")
    market.packs.publish(second, by="meera")
    sound = market.broken()

    market.change("UPDATE rule_pack SET published_by = added_by, alone = true WHERE version = 3")

    assert sound == set()
    assert market.broken() == {"pack_two_persons"}
