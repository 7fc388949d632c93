"""Updates of terminals' software: handed over once, offered in stages, stopped by a limit."""

from pathlib import Path
from typing import Any

import pytest

from broker.contract import ConfigData
from hub.base.access import EVERYTHING, Actor, Scope
from hub.desk.terminals.acts.software import SoftwareActs
from hub.desk.terminals.model.software import AT_ONCE, SILENT_MS, UpdateFault, first_of
from hub.desk.terminals.reads.software import (
    TryRow,
    UpdateRow,
    list_runs,
    list_tries,
    read_changes,
    read_update,
)
from rules.tools.build.signing import new_private_key
from tests.builders.market import FILES, Market
from tests.builders.updates import TRUSTED, Made, make_update, offered, says
from tests.suites.hub.test_counter_settings import told
from tests.suites.hub.test_wire_beside_orders import status

ADMIN = Actor("asha", ("admin",), EVERYTHING)
SHOPS = ("shop-1", "shop-2", "shop-3", "shop-4")
NAME = "12-aarch64-py3.11"


@pytest.fixture
def acts(market: Market) -> SoftwareActs:
    """Give the acts of a hub that takes updates."""
    found = market.hub.ground.part(SoftwareActs)
    found.add.keys = f"{'A' * 59}= {TRUSTED}"
    return found


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Give an update's two files."""
    return make_update(tmp_path, 12)


@pytest.fixture
def added(market: Market, acts: SoftwareActs, made: Made) -> Made:
    """Give an update that is at the hub; all four shops run number 11."""
    assert acts.add(made.content, made.opened(), by=ADMIN) == NAME
    market.hears(*(status(terminal=name, update=says(11)) for name in SHOPS))
    return made


def hear(market: Market, terminal: str, number: int = 11, **said: Any) -> list[ConfigData]:
    """Hear a terminal; gives what it is told for it."""
    return told(market, terminal, update=says(number, **said))


def row(market: Market, name: str = NAME) -> UpdateRow:
    """Read an update."""
    with market.database.read() as connection:
        found = read_update(connection, name, scope=EVERYTHING)
    assert found is not None
    return found


def tries(market: Market) -> dict[str, TryRow]:
    """Read whom the update was offered to."""
    with market.database.read() as connection:
        update = row(market).update
        found = list_tries(connection, update, now_ms=market.clock.ms, most=100, scope=EVERYTHING)
    return {one.terminal: one for one in found}


def first(market: Market) -> str:
    """Name the terminal that the update was offered to first."""
    (name,) = tries(market)
    return name


def fault(act: Any, *given: Any, **named: Any) -> str:
    """Give the code with which an act is refused."""
    with pytest.raises(UpdateFault) as refused:
        act(*given, **named)
    return refused.value.code


def take(market: Market, terminal: str, made: Made) -> None:
    """Have a terminal run the update, as it says so."""
    hear(market, terminal, 12, manifest=made.digest, state="trying")
    hear(market, terminal, 12, manifest=made.digest, state="taken")


def test_an_update_is_kept_once_with_its_bundle_and_offered_to_nobody(
    market: Market, acts: SoftwareActs, made: Made
) -> None:
    for _ in range(2):
        assert acts.add(made.content, made.opened(), by=ADMIN) == NAME

    update = row(market).update
    assert (update.number, update.version, update.stage) == (12, "12.0", "kept")
    assert acts.files.path_of(update.bundle).read_bytes() == made.bundle.read_bytes()
    assert offered(hear(market, "shop-2")) == [None]
    acts.files.path_of(update.bundle).unlink()
    acts.add(made.content, made.opened(), by=ADMIN)
    assert acts.files.has(update.bundle)


def test_a_board_s_update_is_offered_to_boards_of_its_byte_code_alone(
    market: Market, acts: SoftwareActs, made: Made, tmp_path: Path
) -> None:
    board: dict[str, Any] = {"machine": "armv6m", "python": "mpy6"}
    other = {**board, "python": "mpy7"}
    nonsense = make_update(tmp_path / "x", 8, machine="armv6m", python="mpy")
    boards = make_update(tmp_path / "b", 8, **board)
    acts.add(made.content, made.opened(), by=ADMIN)
    name = acts.add(boards.content, boards.opened(), by=ADMIN)
    nobody = fault(acts.stage.offer, name, by=ADMIN)
    for shop, kind in zip(SHOPS, (board, other, {"machine": "xtensawin"}, {}), strict=True):
        market.hears(status(terminal=shop, update=says(7, **kind)))

    acts.stage.offer(name, share=100, by=ADMIN)

    assert fault(acts.add, nonsense.content, nonsense.opened(), by=ADMIN) == "software_unreadable"
    assert (name, nobody) == ("8-armv6m-mpy6", "software_nobody")
    found = {
        shop: offered(told(market, shop, update=says(7, **kind)))
        for shop, kind in (("shop-1", board), ("shop-2", other), ("shop-4", {}))
    }
    assert found == {"shop-1": [boards.digest], "shop-2": [None], "shop-4": [None]}
    with market.database.read() as connection:
        runs = {one.name: one.terminals for one in list_runs(connection, scope=EVERYTHING)}
    assert runs["7-armv6m-mpy6"] == runs["7-armv6m-mpy7"] == runs["7-aarch64-py3.11"] == 1


def test_what_is_not_signed_cut_changed_or_another_is_not_kept(
    market: Market, acts: SoftwareActs, made: Made, tmp_path: Path
) -> None:
    stranger = make_update(tmp_path / "x", 12, key=new_private_key())
    other = make_update(tmp_path / "y", 13)
    whole = made.opened().read()
    cut = made.bundle.with_name("cut")
    cut.write_bytes(whole[:-1])
    changed = made.bundle.with_name("changed")
    changed.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    longer = made.bundle.with_name("longer")
    longer.write_bytes(whole + b"x" * 5_000)

    assert fault(acts.add, stranger.content, stranger.opened(), by=ADMIN) == (
        "software_signature_bad"
    )
    assert fault(acts.add, b"{}", made.opened(), by=ADMIN) == "software_unreadable"
    assert fault(acts.add, b"[" * 9_000, made.opened(), by=ADMIN) == "software_unreadable"
    for path in (cut, changed, longer, other.bundle):
        assert fault(acts.add, made.content, path.open("rb"), by=ADMIN) == "software_bundle_bad"
    acts.add.keys = ""
    assert fault(acts.add, made.content, made.opened(), by=ADMIN) == "software_key_missing"
    assert market.rows("SELECT count(*) FROM terminal_update") == [(0,)]
    assert not acts.files.folder.exists() or list(acts.files.folder.iterdir()) == []


@pytest.mark.usefixtures("added")
def test_a_number_is_of_one_update_for_each_kind_of_machine(
    acts: SoftwareActs, tmp_path: Path
) -> None:
    another = make_update(tmp_path / "z", 12, main="print('another')\n")
    pc = make_update(tmp_path / "pc", 12, machine="x86_64")

    assert fault(acts.add, another.content, another.opened(), by=ADMIN) == ("software_number_taken")
    assert acts.add(pc.content, pc.opened(), by=ADMIN) == "12-x86_64-py3.11"


@pytest.mark.parametrize(("count", "percent", "chosen"), [(130, 5, 7), (3, 5, 1), (4, 50, 2)])
def test_the_first_are_a_share_and_at_least_one(count: int, percent: int, chosen: int) -> None:
    assert len(first_of([f"t-{number}" for number in range(count)], percent)) == chosen


def test_it_goes_to_a_few_first_and_to_all_once_one_of_them_runs_it(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    acts.stage.offer(NAME, share=5, most_failed=1, why="spring", by=ADMIN)
    one = first(market)
    others = [name for name in SHOPS if name != one]

    assert offered(hear(market, one)) == [added.digest]
    assert [offered(hear(market, name)) for name in others] == [[None]] * 3
    assert fault(acts.stage.widen, NAME, by=ADMIN) == "software_first_open"
    for state in ("fetching", "waiting"):
        hear(market, one, manifest=added.digest, state=state)
        assert tries(market)[one].state == state
    take(market, one, added)
    assert tries(market)[one].state == "taken"

    acts.stage.widen(NAME, by=ADMIN)

    assert [offered(hear(market, name)) for name in others] == [[added.digest]] * 3
    for name in others:
        take(market, name, added)
    assert (row(market).taken, row(market).open, row(market).unasked) == (4, 0, 0)
    with market.database.read() as connection:
        assert [(run.number, run.terminals) for run in list_runs(connection, scope=EVERYTHING)] == [
            (12, 4)
        ]
        changes = read_changes(connection, NAME, scope=EVERYTHING)
    assert [(one.field, one.new, one.who, one.why) for one in changes] == [
        ("stage", "kept", "asha", ""),
        ("stage", "first", "asha", "spring"),
        ("stage", "all", "asha", ""),
    ]


def test_a_terminal_that_has_what_it_should_have_is_not_told_again(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    acts.stage.offer(NAME, by=ADMIN)
    one = first(market)
    (config,) = hear(market, one)
    has = {"catalogue": config.catalogue.hash, "pack": config.pack.hash}

    again = told(market, one, update=says(11), **has)
    named = told(market, one, update=says(11, manifest=added.digest, state="fetching"), **has)

    assert offered(again) == [added.digest]
    assert all(one.software is not None for one in named)  # only its facts differ


@pytest.mark.parametrize(
    ("state", "code"),
    [("refused", "software_signature_bad"), ("failed", "software_failed_here")],
)
def test_it_stops_by_itself_once_as_many_failed_as_the_limit_says(
    market: Market, acts: SoftwareActs, added: Made, state: str, code: str
) -> None:
    acts.stage.offer(NAME, share=50, most_failed=2, by=ADMIN)
    pair = sorted(tries(market))
    text = "it ended with 3 before it served"

    hear(market, pair[0], manifest=added.digest, state=state, code=code, text=text)
    assert row(market).update.stage == "first"
    hear(market, pair[1], manifest=added.digest, state=state, code=code, text=text)

    assert row(market).update.stage == "stopped"
    assert [(one.state, one.code, one.text) for one in tries(market).values()] == [
        (state, code, text)
    ] * 2
    assert ("alarm", "software_stopped") in market.rows("SELECT level, code FROM terminal_log")
    assert [offered(hear(market, name)) for name in SHOPS] == [[None]] * 4
    assert fault(acts.stage.resume, NAME, by=ADMIN) == "software_limit_low"
    acts.stage.resume(NAME, most_failed=3, why="looked at", by=ADMIN)
    assert row(market).update.stage == "first"
    assert fault(acts.stage.widen, NAME, most_failed=2, by=ADMIN) == "software_first_open"


def test_a_terminal_that_never_comes_back_counts_as_failed(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    acts.stage.offer(NAME, by=ADMIN)
    one = first(market)
    acts.watch()
    hear(market, one, manifest=added.digest, state="trying")
    market.clock.ms += SILENT_MS["trying"] - 1_000
    acts.watch()
    assert tries(market)[one].state == "trying"

    market.clock.ms += 62_000
    acts.watch()

    assert (tries(market)[one].state, tries(market)[one].code) == ("silent", "software_silent")
    assert row(market).update.stage == "stopped"
    take(market, one, added)  # somebody switched it on after all
    assert tries(market)[one].state == "taken"


def test_a_shop_that_closed_for_the_night_is_no_failure(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    acts.stage.offer(NAME, by=ADMIN)
    one = first(market)
    acts.watch()
    hear(market, one, manifest=added.digest, state="waiting")

    market.clock.ms += 12 * 3_600_000
    acts.watch()

    assert tries(market)[one].state == "waiting"
    assert row(market).update.stage == "first"


def test_a_hub_that_was_away_itself_waits_before_it_calls_anybody_silent(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    acts.stage.offer(NAME, by=ADMIN)
    one = first(market)
    hear(market, one, manifest=added.digest, state="trying")
    market.clock.ms += 3 * SILENT_MS["trying"]

    acts.watch()

    assert tries(market)[one].state == "trying"


def test_an_update_whose_bundle_is_lost_is_offered_once_it_was_added_again(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    acts.files.path_of(row(market).update.bundle).unlink()
    refused = fault(acts.stage.offer, NAME, by=ADMIN)
    none = tries(market)

    acts.add(added.content, added.opened(), by=ADMIN)
    acts.stage.offer(NAME, by=ADMIN)

    assert (refused, none) == ("software_file_lost", {})
    assert len(tries(market)) == 1


def test_paused_and_taken_back_it_is_offered_to_nobody_and_who_runs_it_is_left_alone(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    acts.stage.offer(NAME, share=50, by=ADMIN)
    one, other = sorted(tries(market))
    take(market, one, added)
    acts.stage.widen(NAME, by=ADMIN)
    acts.stage.pause(NAME, why="festival", by=ADMIN)

    assert [offered(hear(market, name)) for name in (other, "shop-4")] == [[None], [None]]
    assert fault(acts.stage.pause, NAME, by=ADMIN) == "software_step"
    acts.stage.resume(NAME, by=ADMIN)
    assert row(market).update.stage == "all"
    assert offered(hear(market, other)) == [added.digest]

    acts.stage.end(NAME, why="a fault", by=ADMIN)

    assert offered(hear(market, other)) == [None]
    assert tries(market)[other].state == "left"
    assert tries(market)[one].state == "taken"
    acts.stage.offer(NAME, share=100, by=ADMIN)
    assert offered(hear(market, other)) == [added.digest]


@pytest.mark.usefixtures("added")
def test_a_later_update_for_the_same_machines_ends_the_one_before(
    market: Market, acts: SoftwareActs, tmp_path: Path
) -> None:
    later = make_update(tmp_path / "later", 13)
    name = acts.add(later.content, later.opened(), by=ADMIN)
    acts.stage.offer(NAME, share=100, by=ADMIN)

    acts.stage.offer(name, share=25, by=ADMIN)

    assert row(market).update.stage == "ended"
    assert row(market).counts == {"left": 4}
    assert sorted(offered(hear(market, one))[0] or "" for one in SHOPS) == [
        *("", "", ""),
        later.digest,
    ]


def test_of_another_machine_of_as_new_software_or_without_slots_nobody_is_asked(
    market: Market, acts: SoftwareActs, made: Made
) -> None:
    acts.add(made.content, made.opened(), by=ADMIN)
    market.hears(
        status(terminal="shop-1", update=says(11, machine="x86_64")),
        status(terminal="shop-2", update=says(12)),
        status(terminal="shop-3"),
    )

    assert fault(acts.stage.offer, NAME, by=ADMIN) == "software_nobody"
    market.hears(status(terminal="shop-4", update=says(0)))
    acts.stage.offer(NAME, share=100, by=ADMIN)
    assert list(tries(market)) == ["shop-4"]
    take(market, "shop-4", made)
    acts.stage.widen(NAME, by=ADMIN)
    assert [offered(told(market, one)) for one in ("shop-3",)] == [[None]]
    assert offered(hear(market, "shop-1", machine="x86_64")) == [None]


def test_so_many_fetch_at_a_time(market: Market, acts: SoftwareActs, made: Made) -> None:
    names = [f"van-{number}" for number in range(AT_ONCE + 5)]
    market.load(terminals=FILES["terminals.csv"] + "".join(f"{one},C2,MAIN\n" for one in names))
    acts.add(made.content, made.opened(), by=ADMIN)
    market.hears(status(terminal="shop-1", update=says(11)))
    acts.stage.offer(NAME, by=ADMIN)
    take(market, "shop-1", made)
    acts.stage.widen(NAME, by=ADMIN)

    market.hears(*(status(terminal=one, update=says(11)) for one in names))
    assert row(market).open == AT_ONCE
    asked = sorted(one for one in tries(market) if one != "shop-1")
    take(market, asked[0], made)
    market.hears(*(status(terminal=one, update=says(11)) for one in names if one not in asked))

    assert row(market).open == AT_ONCE
    assert row(market).taken == 2


def test_only_who_sees_every_terminal_offers_updates(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    own = Actor("ravi", ("admin",), Scope(sellers=frozenset({999_999})))

    assert fault(acts.add, added.content, added.opened(), by=own) == "software_network"
    for step in (acts.stage.offer, acts.stage.widen, acts.stage.pause, acts.stage.end):
        assert fault(step, NAME, by=own) == "software_network"
    assert fault(acts.stage.offer, "1-x-py3.1", by=ADMIN) == "software_unknown"
    with market.database.read() as connection:
        seen = read_update(connection, NAME, scope=own.scope)
        assert seen is not None
        assert (seen.taken, seen.open, seen.unasked) == (0, 0, 0)


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"share": 0}, "software_share_invalid"),
        ({"share": 101}, "software_share_invalid"),
        ({"most_failed": 0}, "software_limit_invalid"),
    ],
)
def test_a_share_or_a_limit_that_makes_no_sense_offers_nothing(
    market: Market, acts: SoftwareActs, asked: dict[str, int], code: str
) -> None:
    assert fault(acts.stage.offer, NAME, **asked, by=ADMIN) == code
    assert tries(market) == {}


def test_one_that_never_came_back_is_counted_though_the_clock_was_set_back(
    market: Market, acts: SoftwareActs, added: Made
) -> None:
    market.clock.set_back(3_600_000)
    acts.watch()
    market.clock.set_back(3_600_000)
    acts.stage.offer(NAME, by=ADMIN)
    one = first(market)
    hear(market, one, manifest=added.digest, state="trying")

    market.clock.ms += SILENT_MS["trying"] + 62_000
    acts.watch()

    assert tries(market)[one].state == "silent"
