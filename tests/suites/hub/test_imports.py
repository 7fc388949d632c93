"""Files of customers: checked without a trace, taken row by row, gone on with where cut off."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Kept, Refused
from hub.base.fields.words import sentence
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import ColumnsError, RowOutcome
from hub.desk.imports.reads import each_outcome, read_bad_rows, read_run
from hub.desk.imports.store import AT_ONCE, LOOKED_AT_ONCE, looking
from hub.desk.parties.acts import CustomerActs
from tests.builders.hub_records import Shelves
from tests.builders.market import Market

HEAD = "code,name,city,phone\n"
TABLES = ("party", "party_closure", "customer_profile", "party_request", "history", "import_run")


@pytest.fixture(autouse=True)
def importer(market: Market) -> None:
    """Have a user whose files are taken."""
    Shelves(market.database).user("asha", "manager")


def acts(market: Market) -> ImportActs:
    """Give the acts of imports."""
    return market.hub.ground.part(ImportActs)


def check(
    market: Market, body: str, columns: Mapping[str, str] | None = None
) -> Sequence[RowOutcome]:
    """Have a file checked."""
    return acts(market).check(
        "customers", body, file="shops.csv", columns=columns, by="asha", scope=EVERYTHING
    )


def start(market: Market, body: str, columns: Mapping[str, str] | None = None) -> int:
    """Have a file taken by the jobs."""
    run = acts(market).take("customers", body, file="shops.csv", columns=columns, by="asha")
    assert acts(market).take.begin(run, by="asha")
    return run


def take(
    market: Market, body: str, columns: Mapping[str, str] | None = None
) -> Sequence[RowOutcome]:
    """Have a file taken, and give what became of its rows."""
    run = start(market, body, columns)
    market.hub.jobs.run_due("test")
    with market.database.read() as connection:
        found = read_run(connection, run, scope=EVERYTHING)
        assert found is not None
        assert found.state == "done"
        return list(each_outcome(connection, run, scope=EVERYTHING))


def told(outcomes: Sequence[RowOutcome]) -> list[tuple[int, str, str]]:
    """Give row, what became of it, and why."""
    assert all(
        sentence(reason, language=language)
        for one in outcomes
        for reason in one.reasons
        for language in ("en", "hi")
    )
    return [
        (one.row, one.action, " ".join(f"{r.field}:{r.code}" for r in one.reasons))
        for one in outcomes
    ]


def held(market: Market) -> list[list[tuple[object, ...]]]:
    """Read everything that an import writes."""
    return [market.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in TABLES]  # noqa: S608


def many(count: int) -> str:
    """Write a file of so many shops."""
    return HEAD + "".join(f"N{n},Shop {n},Pune,\n" for n in range(count))


def test_a_file_adds_changes_and_leaves_alone(market: Market) -> None:
    body = HEAD + "N1,New,Pune,98450 12345\nC1,First Shop,Goa,\nC2,Second Shop,,\n"

    outcomes = take(market, body)

    assert [one.action for one in outcomes] == ["add", "change", "same"]
    assert outcomes[1].changed == ("city",)


def test_a_check_tells_the_same_and_changes_nothing_of_a_later_run(market: Market) -> None:
    body = HEAD + "N1,New,Pune,98450 12345\nC1,First Shop,Goa,5\nN1,Again,,\n"
    before = held(market)

    checked = check(market, body)

    assert held(market) == before
    assert told(checked) == told(take(market, body))


def test_a_blank_cell_leaves_a_field_and_a_mark_empties_it(market: Market) -> None:
    take(market, HEAD + "C1,First Shop,Pune,98450 12345\n")

    take(market, HEAD + "C1,,(empty),\n")

    found = "SELECT k.city, k.phone FROM customer_profile k JOIN party p ON p.id = k.party_id "
    assert market.rows(found + "WHERE p.code = 'C1'") == [("", "+919845012345")]


def test_every_bad_cell_is_named_and_the_good_rows_are_taken(market: Market) -> None:
    body = (
        "code,name,pin,phone,credit_limit\n"
        "N1,Good,411001,9845012345,5000.00\n"
        "N2,Bad pin,41,,\n"
        "N3,Two bad,41,12,\n"
        "N4,Short,411001\n"
        "1.23E+12,Lost digits,,,\n"
        "n1,Looks like N1,,,\n"
        "N1,Twice,,,\n"
        "N5,,,,\n"
        "N6,Limit,,,lots\n"
        "N7,Good too,411002,,none\n"
    )

    outcomes = take(market, body)

    assert told(outcomes) == [
        (2, "add", ""),
        (3, "refuse", "pin:cell_not_pin"),
        (4, "refuse", "pin:cell_not_pin phone:cell_not_phone"),
        (5, "refuse", ":row_broken"),
        (6, "refuse", "code:cell_digits_lost"),
        (7, "refuse", ":row_twice"),
        (8, "refuse", ":row_twice"),
        (9, "refuse", "name:cell_empty"),
        (10, "refuse", "credit_limit:cell_not_credit"),
        (11, "add", ""),
    ]
    assert market.broken() == set()


def test_the_bad_rows_are_a_file_of_exactly_those_rows_that_can_be_taken_again(
    market: Market,
) -> None:
    body = 'code;name;pin\nN1;Good;411001\nN2;"Bad; pin";41\nN3;Short\nN4;Bad;0\n'
    run = start(market, body)
    market.hub.jobs.run_due("test")

    with market.database.read() as connection:
        bad = read_bad_rows(connection, run, scope=EVERYTHING)

    assert bad == '\ufeffcode;name;pin\r\nN2;"Bad; pin";41\r\nN3;Short\r\nN4;Bad;0\r\n'
    assert [one.action for one in check(market, bad)] == ["refuse"] * 3
    mended = bad.replace(";41", ";411001").replace("N3;Short", "N3;Whole;411001")
    assert [one.action for one in take(market, mended.replace(";0", ";411003"))] == ["add"] * 3


def test_a_run_that_is_cut_off_goes_on_and_takes_no_row_twice(market: Market) -> None:
    run = start(market, many(2 * AT_ONCE + 50))
    claimed = market.hub.jobs.claim("dies")
    assert claimed is not None
    market.hub.jobs.work_on(claimed)
    lost = market.hub.jobs.claim("dies too")
    assert lost is not None

    market.clock.ms += 3_600_000
    market.hub.jobs.run_due("lives")
    market.hub.jobs.run_due("lives")

    with market.database.read() as connection:
        found = read_run(connection, run, scope=EVERYTHING)
    assert found is not None
    assert (found.state, dict(found.counts)) == ("done", {"add": 2 * AT_ONCE + 50})
    assert market.rows("SELECT count(*) FROM party WHERE code LIKE 'N%'") == [(2 * AT_ONCE + 50,)]
    assert market.broken() == set()


def test_a_row_of_somebody_else_is_refused_also_by_the_job(market: Market) -> None:
    market.change("UPDATE user_account SET roles = 'field_rep' WHERE name = 'asha'")

    outcomes = take(market, HEAD + "C1,Taken over,,\nN1,New,,\n")

    assert [one.action for one in outcomes] == ["refuse", "refuse"]
    assert market.rows("SELECT name FROM party WHERE code = 'C1'") != [("Taken over",)]


def test_only_who_handed_a_file_over_has_it_looked_at_and_taken(market: Market) -> None:
    run = acts(market).take("customers", HEAD + "N1,New,,\n", file="shops.csv", by="asha")

    assert not acts(market).check.look(run, by="bela")
    assert not acts(market).take.begin(run, by="bela")
    assert acts(market).check.look(run, by="asha")
    assert acts(market).take.begin(run, by="asha")


def test_who_took_a_file_asked_for_what_waits_and_is_never_the_second_person(
    market: Market,
) -> None:
    take(market, "code,city,credit_limit\nC1,Goa,9000.00\n")
    [(request, who)] = market.rows("SELECT id, asked_by FROM party_request")
    decide = market.hub.ground.part(CustomerActs).decide

    own = decide(request, grant=True, by="Asha", scope=EVERYTHING)
    other = decide(request, grant=True, by="vikram", scope=EVERYTHING)

    assert who == "asha"
    assert market.rows("SELECT DISTINCT who FROM history WHERE field = 'city'") == [("asha",)]
    assert isinstance(own, Refused)
    assert own.reasons[0].code == "request_own"
    assert isinstance(other, Kept)


def test_what_is_asked_for_already_is_not_asked_for_again(market: Market) -> None:
    body = "code,credit_limit\nC1,9000.00\n"
    take(market, body)

    again = take(market, body)

    assert [one.action for one in again] == ["same"]
    assert market.rows("SELECT count(*) FROM party_request") == [(1,)]


def test_a_file_is_looked_at_while_somebody_else_writes_and_the_rest_of_it_by_jobs(
    market: Market,
) -> None:
    count = 2 * LOOKED_AT_ONCE + 3
    body = many(count) + f"N0,Twice,,\nLAST,Shop 1,Pune,\nBELOW,Below,Pune,{'9845012345'}\n"
    run = acts(market).take("customers", body, file="shops.csv", by="asha")

    with market.database.write():
        keep = acts(market).check.look_on(run, 0)
    assert keep is not None
    acts(market).check.look(run, by="asha")
    with market.database.read() as connection:
        begun = read_run(connection, run, scope=EVERYTHING)
    market.hub.jobs.run_due("test")
    with market.database.read() as connection:
        looked = read_run(connection, run, scope=EVERYTHING)
        refused = list(each_outcome(connection, run, action="refuse", scope=EVERYTHING))

    assert begun is not None
    assert looked is not None
    assert (begun.next_row, begun.looked_at) == (LOOKED_AT_ONCE, None)
    assert looked.looked_at is not None
    assert dict(looked.counts) == {"add": count + 1, "refuse": 2}
    assert [one.reasons[0].code for one in refused] == ["row_twice", "customer_may_be_there"]
    assert [one.code for one in refused[1].duplicates] == ["N1"]
    assert market.rows("SELECT count(*) FROM party WHERE code LIKE 'N%'") == [(0,)]


def test_a_look_that_is_cut_off_goes_on_elsewhere_and_knows_the_rows_before(
    market: Market,
) -> None:
    body = "code,name,parent\nTOP,Top,\n" + "".join(
        f"N{n},Shop {n},TOP\n" for n in range(4 * LOOKED_AT_ONCE)
    )
    run = acts(market).take("customers", body, file="shops.csv", by="asha")
    acts(market).check.look(run, by="asha")
    for _ in range(3):
        market.hub.jobs.run_one("test")
    looking._tried.cache_clear()  # noqa: SLF001 -- what another process does not know
    other = acts(market).take("customers", "code,name\nM1,Market\n", file="one.csv", by="asha")
    assert acts(market).take.begin(other, by="asha")

    market.hub.jobs.run_one("another process")
    market.hub.jobs.run_one("another process")
    with market.database.read() as connection:
        taken = read_run(connection, other, scope=EVERYTHING)
    market.hub.jobs.run_due("another process")
    with market.database.read() as connection:
        looked = read_run(connection, run, scope=EVERYTHING)

    assert taken is not None
    assert taken.state == "done", "a small file does not wait for what is found out anew"
    assert looked is not None
    assert dict(looked.counts) == {"add": 4 * LOOKED_AT_ONCE + 1}


def test_taking_the_same_file_again_changes_nothing(market: Market) -> None:
    body = HEAD + "N1,New,Pune,98450 12345\nC1,First Shop,Goa,\n"
    take(market, body)

    outcomes = take(market, body)

    assert Counter(one.action for one in outcomes) == {"same": 2}


def test_a_row_that_may_be_somebody_there_is_a_question_with_candidates(market: Market) -> None:
    outcomes = take(market, HEAD + "N1,FIRST shop,,\n")

    assert told(outcomes) == [(2, "refuse", ":customer_may_be_there")]
    assert [one.code for one in outcomes[0].duplicates] == ["C1"]


def test_columns_are_said_once_and_remembered_for_the_same_header(market: Market) -> None:
    body = "Cust. No;Shop;Ort\nN1;New;Pune\n"
    said = {"Cust. No": "code", "Shop": "name", "Ort": "city"}

    with pytest.raises(ColumnsError) as caught:
        check(market, body)
    take(market, body, said)
    again = check(market, body)

    assert {one.code for one in caught.value.reasons} == {"column_unknown", "field_missing"}
    assert [one.action for one in again] == ["same"]


def test_columns_of_other_programs_are_known_by_their_names(market: Market) -> None:
    outcomes = take(market, "Customer ID\tName\tMobile\tPincode\nN1\tNew\t9845012345\t411001\n")

    assert [one.action for one in outcomes] == ["add"]


def test_two_columns_of_one_field_are_refused(market: Market) -> None:
    with pytest.raises(ColumnsError) as caught:
        check(market, "code,name,phone,mobile\nN1,New,,\n")

    assert [one.code for one in caught.value.reasons] == ["column_doubled"]


def test_limits_of_a_file_wait_for_a_second_person(market: Market) -> None:
    outcomes = take(market, "code,credit_limit\nC1,9000.00\n")

    assert outcomes[0].waiting == ("credit_limit",)
    assert market.rows("SELECT credit_limit FROM party WHERE code = 'C1'") == [(100_000,)]


def test_one_row_that_would_stand_below_itself_is_refused_alone(market: Market) -> None:
    outcomes = take(market, "code,parent\nC1,C2\nC2,C1\nC4,C1\n")

    assert told(outcomes) == [
        (2, "change", ""),
        (3, "refuse", "parent:parent_below"),
        (4, "change", ""),
    ]
    assert market.broken() == set()
