"""A device becomes a terminal by a claim: once, in time, at the hub that made it, and by proof."""

import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from broker.contract.enrolment import (
    Asked,
    Claim,
    Told,
    claim_key,
    claim_name,
    hash_password,
    new_code,
    pair_number,
    read_sealed,
    seal,
    verify_password,
)
from broker.embedded import Credentials
from hub.base.access import EVERYTHING, Actor, Scope
from hub.base.history import read as read_history
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import EnrolmentError
from hub.desk.terminals.model.enrolment import HOUR_MS
from hub.desk.terminals.reads.claims import list_waiting, read_terminal
from hub.desk.terminals.reads.snapshots import read_secret
from tests.builders.market import Market
from tests.suites.hub.test_wire_beside_orders import status

ADDRESS: Final = "192.168.1.23"


class Device:
    """A machine with a slip in its hand: it makes a password, and asks."""

    def __init__(self, market: Market, claim: Claim, *, terminal: str = "") -> None:
        self.market = market
        self.claim = claim
        self.password = secrets.token_urlsafe(32)
        self.asked = Asked(
            claim=claim_name(claim.code),
            terminal=terminal,
            device="counter-pi",
            password_sha256=hashlib.sha256(self.password.encode()).hexdigest(),
            password_line=hash_password(self.password),
        )

    def ask(self) -> Told:
        """Ask the hub; raises EnrolmentError."""
        key = claim_key(self.claim.code)
        payload = seal(self.asked, key)
        answer = acts(self.market).admit(payload, address=ADDRESS)
        return read_sealed(answer, Told, key, of=payload)

    def may_fetch(self, terminal: str) -> bool:
        with self.market.database.read() as connection:
            return read_secret(connection, terminal) == self.asked.password_sha256

    def may_connect(self, terminal: str) -> bool:
        return Credentials(self.market.hub.settings.folder / "broker").verify(
            terminal, self.password
        )


def acts(market: Market) -> EnrolmentActs:
    return market.hub.ground.part(EnrolmentActs)


def claimed(market: Market, terminal: str = "shop-1", *, asks: bool = False) -> Claim:
    return acts(market).claim.make(terminal, by=OPERATOR, asks=asks)


def look(market: Market, terminal: str = "shop-1") -> str:
    with market.database.read() as connection:
        found = read_terminal(connection, terminal, now_ms=market.clock.ms, scope=EVERYTHING)
    assert found is not None
    return found.look(market.clock.ms)


def refusal(device: Device) -> str:
    with pytest.raises(EnrolmentError) as caught:
        device.ask()
    return caught.value.code


def test_a_device_with_a_claim_becomes_its_terminal_under_a_password_of_its_own(
    market: Market,
) -> None:
    acts(market).claim.add("shop-9", customer="C2", warehouse="MAIN", by=OPERATOR)
    device = Device(market, claimed(market, "shop-9"))

    told = device.ask()

    assert (told.state, told.terminal) == ("enrolled", "shop-9")
    assert (told.pack_keys, told.software_keys) == (market.hub.signer.public, "")
    assert device.may_fetch("shop-9")
    assert device.may_connect("shop-9")
    assert look(market, "shop-9") == "used"


def test_a_terminal_that_was_only_added_lets_nobody_in(market: Market) -> None:
    acts(market).claim.add("shop-9", customer="C2", warehouse="MAIN", by=OPERATOR)

    device = Device(market, Claim(new_code()))

    assert not device.may_fetch("shop-9")
    assert "shop-9" not in Credentials(market.hub.settings.folder / "broker").users()
    assert refusal(device) == "claim_unknown"


def test_a_lost_answer_is_given_again_and_a_second_device_is_refused(market: Market) -> None:
    claim = claimed(market)
    device, thief = Device(market, claim), Device(market, claim)
    device.ask()

    again = device.ask()
    refused = refusal(thief)

    assert again.state == "enrolled"
    assert refused == "claim_used"
    assert not thief.may_connect("shop-1")


def test_of_devices_that_ask_at_once_with_one_slip_one_is_enrolled(market: Market) -> None:
    claim = claimed(market)
    devices = [Device(market, claim) for _ in range(6)]

    def ask(device: Device) -> str:
        try:
            return device.ask().state
        except EnrolmentError as error:
            return error.code

    with ThreadPoolExecutor(len(devices)) as pool:
        answers = list(pool.map(ask, devices))

    (winner,) = [one for one, told in zip(devices, answers, strict=True) if told == "enrolled"]
    assert sorted(answers) == [*["claim_used"] * 5, "enrolled"]
    assert winner.may_connect("shop-1")
    assert winner.may_fetch("shop-1")


def test_an_answer_is_not_given_again_once_another_device_has_come(market: Market) -> None:
    old = Device(market, claimed(market))
    old.ask()
    Device(market, claimed(market)).ask()

    assert refusal(old) == "claim_used"
    assert not old.may_connect("shop-1")


def test_a_claim_works_until_its_time_is_over(market: Market) -> None:
    device = Device(market, claimed(market))
    market.clock.ms += 24 * HOUR_MS

    assert refusal(device) == "claim_expired"
    assert look(market) == "expired"


def test_a_newer_claim_withdraws_the_one_before_it(market: Market) -> None:
    old = Device(market, claimed(market))
    new = Device(market, claimed(market))

    assert refusal(old) == "claim_withdrawn"
    assert new.ask().state == "enrolled"


def test_a_claim_is_of_one_terminal_alone(market: Market) -> None:
    device = Device(market, claimed(market, "shop-2"), terminal="shop-1")

    assert refusal(device) == "claim_of_other"
    assert look(market, "shop-2") == "open"


def test_a_claim_of_another_hub_is_not_known(market: Market) -> None:
    assert refusal(Device(market, Claim(new_code()))) == "claim_unknown"


def test_who_knows_a_claim_by_name_and_not_its_code_proves_nothing(market: Market) -> None:
    claim = claimed(market)
    stranger = Device(market, Claim(new_code()))
    stranger.asked = replace_claim(stranger.asked, claim_name(claim.code))

    assert refusal(stranger) == "claim_unknown"
    assert look(market) == "open"


def test_a_device_cannot_have_a_line_written_that_is_no_password(market: Market) -> None:
    device = Device(market, claimed(market))
    line = device.asked.password_line
    device.asked = Asked(**{**fields(device.asked), "password_line": f"{line}\nhub:{line}"})

    assert refusal(device) == "claim_unreadable"


def test_an_answer_of_anybody_else_is_not_believed(market: Market) -> None:
    claim = claimed(market)
    told = Told(state="enrolled", terminal="shop-1", broker_host="10.0.0.66", pack_keys="mine")
    forged = seal(told, claim_key(new_code()), of=b"asked")

    with pytest.raises(ValueError, match="who has the claim"):
        read_sealed(forged, Told, claim_key(claim.code), of=b"asked")


def test_a_device_waits_where_a_person_approves_and_both_show_one_number(market: Market) -> None:
    device = Device(market, claimed(market, asks=True))

    first = device.ask()
    with market.database.read() as connection:
        (waiting,) = list_waiting(connection, market.clock.ms, scope=EVERYTHING)
    let_in_early = device.may_connect("shop-1")
    acts(market).claim.approve("shop-1", number=waiting.number, by=OPERATOR)
    then = device.ask()

    assert (first.state, then.state) == ("waiting", "enrolled")
    assert (waiting.number, waiting.device) == (pair_number(device.asked), "counter-pi")
    assert waiting.address == ADDRESS
    assert not let_in_early
    assert device.may_connect("shop-1")


def test_another_device_cannot_take_the_place_of_the_one_that_waits(market: Market) -> None:
    claim = claimed(market, asks=True)
    device = Device(market, claim)
    device.ask()

    assert refusal(Device(market, claim)) == "claim_used"
    with pytest.raises(EnrolmentError, match="claim_waits_not"):
        acts(market).claim.approve("shop-1", number="no number", by=OPERATOR)
    assert device.ask().state == "waiting"


def test_a_refused_device_is_told_so(market: Market) -> None:
    device = Device(market, claimed(market, asks=True))
    device.ask()

    acts(market).claim.refuse("shop-1", number=pair_number(device.asked), by=OPERATOR)

    assert refusal(device) == "claim_refused"
    assert not device.may_connect("shop-1")


def test_a_replaced_device_is_shut_out_and_what_it_said_is_forgotten(market: Market) -> None:
    old = Device(market, claimed(market))
    old.ask()
    market.hears(status(terminal="shop-1"))
    heard = market.rows("SELECT terminal FROM terminal_presence")
    claim = claimed(market)
    still = old.may_connect("shop-1")

    new = Device(market, claim)
    new.ask()

    assert heard == [("shop-1",)]
    assert still
    assert (old.may_connect("shop-1"), old.may_fetch("shop-1")) == (False, False)
    assert new.may_connect("shop-1")
    assert market.rows("SELECT terminal FROM terminal_presence") == []


def test_taking_access_away_ends_the_claim_too_and_a_new_one_gives_it_back(market: Market) -> None:
    device = Device(market, claimed(market))
    device.ask()
    open_one = Device(market, claimed(market))

    acts(market).enrol.revoke("shop-1", by=OPERATOR)
    shut = device.may_connect("shop-1"), device.may_fetch("shop-1")

    assert shut == (False, False)
    assert refusal(open_one) == "claim_withdrawn"
    assert refusal(device) == "claim_used"
    assert Device(market, claimed(market)).ask().state == "enrolled"


def test_what_the_broker_could_not_be_told_is_not_done_at_the_hub_either(market: Market) -> None:
    first, second = Device(market, claimed(market)), Device(market, claimed(market, "shop-2"))
    first.ask()
    passwords = market.hub.settings.folder / "broker" / "passwd"
    kept = passwords.rename(passwords.with_name("kept"))
    passwords.mkdir()  # nothing can be written in its place

    with pytest.raises(OSError, match="passwd"):
        acts(market).enrol.revoke("shop-1", by=OPERATOR)
    with pytest.raises(OSError, match="passwd"):
        second.ask()

    passwords.rmdir()
    kept.rename(passwords)
    assert first.may_fetch("shop-1")
    assert first.may_connect("shop-1")
    assert look(market, "shop-2") == "open"
    acts(market).enrol.revoke("shop-1", by=OPERATOR)
    assert not first.may_connect("shop-1")
    assert second.ask().state == "enrolled"
    assert second.may_connect("shop-2")


def test_one_address_cannot_ask_without_end(market: Market) -> None:
    device = Device(market, Claim(new_code()))
    refusals = {refusal(device) for _ in range(31)}

    market.clock.ms += 60_000

    assert refusals == {"claim_unknown", "claim_too_often"}
    assert refusal(device) == "claim_unknown"


def test_who_sees_only_other_rows_makes_no_claim(market: Market) -> None:
    stranger = Actor("ravi", ("admin",), Scope())

    with pytest.raises(EnrolmentError, match="terminal_unknown"):
        acts(market).claim.make("shop-1", by=stranger)
    with pytest.raises(EnrolmentError, match="terminal_unknown"):
        acts(market).enrol.revoke("shop-1", by=stranger)


def test_history_says_who_made_the_claim_and_which_device_used_it(market: Market) -> None:
    device = Device(market, claimed(market))
    device.ask()

    with market.database.read() as connection:
        told = [
            (one.field, one.old, one.new, one.who)
            for one in read_history(connection, "terminal", "shop-1")
        ]

    assert told == [
        ("claim", None, "open", "hub"),
        ("claim", "open", "used", "counter-pi"),
        ("access", None, "given", "counter-pi"),
    ]


def test_the_code_is_not_kept_nor_the_password(market: Market) -> None:
    claim = claimed(market)
    device = Device(market, claim)
    device.ask()

    (row,) = market.rows("SELECT * FROM terminal_claim")
    kept = " ".join(str(value) for value in row)

    assert claim.code not in kept
    assert device.password not in kept
    assert verify_password(device.password, device.asked.password_line)


def fields(asked: Asked) -> dict[str, str]:
    return {name: getattr(asked, name) for name in asked.__struct_fields__}


def replace_claim(asked: Asked, name: str) -> Asked:
    return Asked(**{**fields(asked), "claim": name})
