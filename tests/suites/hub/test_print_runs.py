"""Files of many documents: drawn once by jobs, told of when ready, and kept for a week."""

from collections.abc import Iterator, Sequence
from typing import Final

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Refused
from hub.base.jobs import Jobs
from hub.base.papers import PaperFile
from hub.desk.printing.acts import PrintingActs
from hub.desk.printing.acts.draw_files import TRIES, DrawFiles
from hub.desk.printing.model import KEPT_MS, MOST, Owner, PrintRun, Wish
from hub.desk.printing.reads import list_runs
from hub.desk.printing.store import DRAW
from tests.builders.hub_records import Shelves
from tests.builders.market import Market
from tests.builders.money import BY, billed, invoices_of

HOUR_MS: Final = 3_600_000


def made(market: Market, count: int) -> tuple[int, ...]:
    """Make some invoices, and give their ids."""
    return tuple(billed(market, market.place(("TEA", 1)).order).invoice for _ in range(count))


def someone(market: Market, name: str = BY) -> Owner:
    """Add a user, and give it as who asks."""
    Shelves(market.database).user(name, "accounts")
    number = market.rows("SELECT id FROM user_account WHERE name = :n", n=name)[0][0]
    return Owner(name, number)


def acts_of(market: Market) -> PrintingActs:
    return market.hub.ground.part(PrintingActs)


def asked(market: Market, invoices: Sequence[int], owner: Owner) -> int:
    """Ask for the files of invoices, and give the run."""
    wish = Wish(tuple(invoices), "a4", "", "en")
    done = acts_of(market).ask(wish, owner=owner, scope=EVERYTHING)
    assert not isinstance(done, Refused), done
    return done


def runs_of(market: Market, owner: Owner) -> list[PrintRun]:
    with market.database.read() as connection:
        return list_runs(connection, owner=owner, scope=EVERYTHING)


def files_of(
    market: Market, run: int, owner: Owner, scope: Scope = EVERYTHING
) -> list[PaperFile] | None:
    given = acts_of(market).give(run, owner=owner, scope=scope)
    return None if given is None else list(given)


def told(market: Market) -> list[tuple[object, ...]]:
    """Give what people were told of their own work."""
    return [tuple(row) for row in market.rows("SELECT event, subject, address FROM person_notice")]


def test_files_are_drawn_by_jobs_are_those_of_each_invoice_alone_and_who_asked_is_told(
    market: Market,
) -> None:
    invoices, owner = made(market, 3), someone(market)

    run = asked(market, invoices, owner)
    before = files_of(market, run, owner), runs_of(market, owner)[0].state, told(market)
    market.hub.jobs.run_due("worker")
    files = files_of(market, run, owner)

    assert before == (None, "drawing", [])
    alone = [invoices_of(market).paper(one, scope=EVERYTHING) for one in invoices]
    assert files == alone
    assert told(market) == [("files_ready", "3", f"/print-runs#run-{run}")]
    assert (runs_of(market, owner)[0].state, runs_of(market, owner)[0].drawn) == ("ready", 3)


def test_a_run_is_drawn_in_parts_so_that_progress_is_seen_and_other_jobs_have_their_turn(
    market: Market,
) -> None:
    invoices, owner = made(market, 3), someone(market)
    hub = market.hub
    jobs = Jobs(hub.ground.database, hub.transactions, clock=market.clock, changes=hub.changes)
    each = invoices_of(market).paper.each
    jobs.handle_outside(DRAW, DrawFiles(hub.transactions, each, EVERYTHING, at_a_time=2))

    asked(market, invoices, owner)
    seen = []
    while jobs.run_one("worker"):
        one = runs_of(market, owner)[0]
        seen.append((one.drawn, one.state))

    assert seen == [(2, "drawing"), (3, "ready")]


def test_a_small_run_has_its_turn_between_two_parts_of_a_large_one(market: Market) -> None:
    invoices, owner, other = made(market, 7), someone(market), someone(market, "meena")
    hub = market.hub
    jobs = Jobs(hub.ground.database, hub.transactions, clock=market.clock, changes=hub.changes)
    each = invoices_of(market).paper.each
    jobs.handle_outside(DRAW, DrawFiles(hub.transactions, each, EVERYTHING, at_a_time=2))

    asked(market, invoices, owner)
    jobs.run_one("worker")
    asked(market, invoices[:1], other)  # at the very moment: the large one's next part is before it
    seen = []
    while jobs.run_one("worker"):
        seen.append((runs_of(market, owner)[0].drawn, runs_of(market, other)[0].state))
        market.clock.ms += 1

    assert seen == [(4, "drawing"), (4, "ready"), (6, "ready"), (7, "ready")]
    assert [subject for _, subject, _ in told(market)] == ["1", "7"]


def test_whoever_asks_twice_while_it_is_drawn_has_one_run_and_a_program_of_the_name_its_own(
    market: Market,
) -> None:
    invoices, owner = made(market, 1), someone(market)

    first, again = asked(market, invoices, owner), asked(market, invoices, owner)
    program = asked(market, invoices, Owner(owner.name))
    market.hub.jobs.run_due("worker")
    later = asked(market, invoices, owner)

    assert first == again
    assert len({first, program, later}) == 3
    assert [one.id for one in runs_of(market, Owner(owner.name))] == [program]
    assert files_of(market, program, owner) is None
    assert len(told(market)) == 1


def test_rows_that_the_owner_does_not_see_any_more_are_not_given(market: Market) -> None:
    invoices, owner = made(market, 2), someone(market)
    run = asked(market, invoices, owner)
    market.hub.jobs.run_due("worker")

    assert files_of(market, run, Owner("vikram", owner.user_id)) is None
    assert files_of(market, run, owner, Scope(user=owner.user_id, narrowed=True)) is None


def test_what_cannot_be_drawn_is_refused_in_words_or_given_up_and_told(market: Market) -> None:
    (invoice,) = made(market, 1)
    owner, ask = someone(market), acts_of(market).ask
    none, many, other = (
        ask(Wish(wanted, "a4", "", "en"), owner=owner, scope=EVERYTHING)
        for wanted in ((), tuple(range(1, MOST + 2)), (invoice, 999))
    )
    invoices_of(market).paper(invoice, scope=EVERYTHING)
    market.change("UPDATE paper_file SET digest = 'of other bytes'")  # a damaged disk

    run = asked(market, [invoice], owner)
    for _ in range(TRIES + 1):
        market.hub.jobs.run_due("worker")
        market.clock.ms += HOUR_MS

    codes = [one.reasons[0].code for one in (none, many, other) if isinstance(one, Refused)]
    assert codes == ["print_run_nothing", "print_run_many", "invoice_unknown"]
    assert runs_of(market, owner)[0].state == "failed"
    assert files_of(market, run, owner) is None
    assert told(market) == [("files_failed", "1", f"/print-runs#run-{run}")]


def test_a_run_goes_after_a_week_and_the_kept_files_stay(market: Market) -> None:
    invoices, owner = made(market, 1), someone(market)
    run = asked(market, invoices, owner)
    market.hub.jobs.run_due("worker")
    kept = market.rows("SELECT name, digest FROM paper_file")

    market.clock.ms += KEPT_MS
    market.hub.jobs.run_due("worker")

    assert runs_of(market, owner) == []
    assert files_of(market, run, owner) is None
    assert market.rows("SELECT name, digest FROM paper_file") == kept
    assert market.broken() == set()


def test_a_run_that_has_the_number_of_one_that_is_gone_is_drawn_and_told_of(
    market: Market,
) -> None:
    invoices, owner = made(market, 1), someone(market)
    asked(market, invoices, owner)
    market.hub.jobs.run_due("worker")
    market.clock.ms += KEPT_MS
    market.hub.jobs.run_due("worker")

    again = asked(market, invoices, owner)  # SQLite numbers it as the one before
    market.hub.jobs.run_due("worker")
    states = [one.state for one in runs_of(market, owner)]
    files = files_of(market, again, owner)
    market.clock.ms += KEPT_MS
    market.hub.jobs.run_due("worker")

    assert (states, len(files or ())) == (["ready"], 1)
    assert [event for event, *_ in told(market)] == ["files_ready"] * 2
    assert runs_of(market, owner) == []


def test_a_failure_is_told_of_once_the_hub_can_write_again(market: Market) -> None:
    (invoice,) = made(market, 1)
    owner = someone(market)
    invoices_of(market).paper(invoice, scope=EVERYTHING)
    market.change("UPDATE paper_file SET digest = 'of other bytes'")
    asked(market, [invoice], owner)

    market.change("ALTER TABLE person_notice RENAME TO away")  # nothing can be told
    for _ in range(TRIES + 1):
        market.hub.jobs.run_due("worker")
        market.clock.ms += HOUR_MS
    market.change("ALTER TABLE away RENAME TO person_notice")
    untold = runs_of(market, owner)[0].state
    market.hub.jobs.run_due("worker")

    assert untold == "drawing"
    assert runs_of(market, owner)[0].state == "failed"
    assert [event for event, *_ in told(market)] == ["files_failed"]


def test_a_document_without_a_file_ends_the_run_and_is_told_of(market: Market) -> None:
    invoices, owner = made(market, 2), someone(market)
    hub = market.hub
    jobs = Jobs(hub.ground.database, hub.transactions, clock=market.clock, changes=hub.changes)

    def draw_none(invoices: Sequence[int], **_: object) -> Iterator[PaperFile | None]:
        yield from (None for _ in invoices)

    jobs.handle_outside(DRAW, DrawFiles(hub.transactions, draw_none, EVERYTHING))
    asked(market, invoices, owner)
    for _ in range(TRIES + 1):
        jobs.run_due("worker")
        market.clock.ms += HOUR_MS

    assert runs_of(market, owner)[0].state == "failed"
    assert [event for event, *_ in told(market)] == ["files_failed"]
