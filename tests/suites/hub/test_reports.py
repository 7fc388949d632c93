"""Reports on both engines: each is answered however it is asked for, and its totals are right."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hub.base.access import EVERYTHING
from hub.base.words import PageWords
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.fields import BeatFields
from hub.desk.orders.acts import OrderActs
from hub.desk.parties.reads import read_distributor
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.forms import CHOICES, NUMBERS, REPORTS
from hub.desk.reports.model.requests import (
    FilterValue,
    Named,
    Period,
    ReportRequest,
    Several,
    read_fields,
    write_fields,
)
from hub.desk.reports.pages.filing import sheet_of
from hub.desk.reports.pages.printing import print_report, sheet_on_paper
from hub.desk.reports.reads.asking import ask
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.planning import Page, UnansweredError
from tests.builders.market import FILES, Market
from tests.builders.money import paid, payments_of

ZONE = ZoneInfo("Asia/Kolkata")
OF_WHOLE_PERIODS = (
    *("customer_performance", "batch_expiry", "distributor_productivity", "terminal_activity"),
)
"""The reports whose rows are of the whole period: by month there is nothing to put together."""

RICE = ("product", Named("Rice", "RICE"))


def answered(
    market: Market,
    report: str,
    *filters: tuple[str, FilterValue],
    by: str | None = None,
    days: tuple[date, date] | None = None,
    compare: bool = False,
) -> Answer:
    """Answer a report for somebody who sees everything."""
    period = Period("these days", *days) if days else None
    wanted = ReportRequest(report, filters, period, by)
    with market.database.read() as connection:
        zone = read_distributor(connection).zone
        asked = ask(wanted, reader="vikram", now_ms=market.clock.ms, zone=zone)
        return answer_report(connection, asked, scope=EVERYTHING, compare=compare)


def at(market: Market, day: int, hour: int, minute: int = 0) -> None:
    """Set the clock to a time of November 2026 in Kolkata."""
    market.clock.ms = int(datetime(2026, 11, day, hour, minute, tzinfo=ZONE).timestamp() * 1000)


def values_of(report: str, name: str) -> tuple[FilterValue, ...]:
    """Give something that a report's filter may be set to."""
    if name == "status":
        return REPORTS[report].statuses
    if name in NUMBERS:
        return (5,)
    if name == "mine":
        return (True,)
    return CHOICES.get(name, (Named("Tea"),))


def fill(market: Market) -> None:
    """Have orders of several states placed."""
    market.place(("TEA", 5), ("RICE", 20))
    market.place(("OIL", 1))
    market.place(("SOAP", 12), terminal="shop-1")


ALL_DAYS = (date(2026, 1, 1), date(2026, 12, 31))


def keep_all(market: Market) -> None:
    """Let a day go by, and have what all days before it come to kept."""
    market.clock.ms += 86_400_000
    while market.hub.ground.part(OrderActs).keep():
        pass


def test_the_rows_of_each_report_add_up_however_they_are_put_together(market: Market) -> None:
    fill(market)

    unanswered, wrong = set(), []
    for report in DEFINITIONS:
        for group in (None, *sorted(REPORTS[report].groups)):
            try:
                answer = answered(market, report, by=group)
            except UnansweredError:
                unanswered.add((report, group))
                continue
            summed = [one.name for one in answer.measures if one.total == "sum"]
            for name in summed:
                shown = [line.values[name] for line in answer.lines]
                if sum(one for one in shown if isinstance(one, int)) != answer.totals[name]:
                    wrong.append((report, group, name))
            if len(answer.lines) != answer.count:
                wrong.append((report, group, "count"))

    spans = ("day", "week", "month", "quarter")
    assert wrong == []
    assert unanswered == {
        *(("attendance", one) for one in ("area", "beat")),
        *((one, span) for one in OF_WHOLE_PERIODS for span in spans),
    }


@pytest.mark.one_engine
def test_what_does_not_add_up_is_one_total_however_rows_are_put_together(market: Market) -> None:
    market.place(("TEA", 5), ("RICE", 20), ("SOAP", 3))
    market.place(("SOAP", 12), ("TEA", 1), terminal="shop-1")

    totals: dict[tuple[str, str], set[object]] = {}
    for report in DEFINITIONS:
        for group in (None, *sorted(REPORTS[report].groups)):
            try:
                answer = answered(market, report, by=group, compare=True)
            except UnansweredError:
                continue
            for one in answer.measures:
                if one.total != "sum":
                    totals.setdefault((report, one.name), set()).add(answer.totals[one.name])

    assert {name: found for name, found in totals.items() if len(found) > 1} == {}
    assert totals[("product_contribution", "line_orders")] == {2}


@pytest.mark.one_engine
def test_each_report_takes_the_filters_that_it_offers(market: Market) -> None:
    fill(market)

    unanswered = set()
    for report in DEFINITIONS:
        for name in sorted(REPORTS[report].filters):
            for value in values_of(report, name):
                try:
                    answered(market, report, (name, value))
                except UnansweredError:
                    unanswered.add((report, name))

    assert unanswered == {
        *(("delivery_notes", name) for name in ("amount_gt", "amount_lt")),
    }


def test_averages_and_different_customers_are_counted_anew_in_the_total(market: Market) -> None:
    at(market, 22, 12)
    market.place(("RICE", 1))
    market.place(("RICE", 3))
    at(market, 23, 12)
    market.place(("RICE", 11))

    by_day = answered(market, "sales", by="day")

    rows = [(line.values["average_order"], line.values["customers"]) for line in by_day.lines]
    assert rows == [(10_000, 1), (55_000, 1)]
    assert by_day.totals == {
        "order_value": 75_000,
        "standing_orders": 3,
        "average_order": 25_000,
        "customers": 1,
    }


@pytest.mark.one_engine
def test_an_order_late_in_the_evening_is_of_the_local_day(market: Market) -> None:
    at(market, 22, 23, 45)
    market.place(("RICE", 1))
    moved_at = market.clock.ms
    at(market, 23, 12)
    market.change("UPDATE stock_movement SET at = :at WHERE id = 1", at=moved_at)

    of_day = (date(2026, 11, 22), date(2026, 11, 22))
    orders = answered(market, "orders", days=of_day)
    moved = answered(market, "stock_movement", by="day", days=of_day)

    assert orders.count == 1
    assert [line.key for line in moved.lines] == ["2026-11-22"]


@pytest.mark.one_engine
def test_held_and_cancelled_orders_are_no_sales_and_are_in_the_summary(market: Market) -> None:
    market.place(("RICE", 2))
    market.place(("OIL", 1))

    sales, summary = answered(market, "sales"), answered(market, "order_summary")

    assert (sales.totals["order_value"], sales.totals["standing_orders"]) == (10_000, 1)
    assert {line.key: line.values["orders"] for line in summary.lines} == {
        "pending": 1,
        "processing": 1,
    }


@pytest.mark.one_engine
def test_shares_of_products_are_of_all_of_them_and_free_goods_have_none(market: Market) -> None:
    market.place(("TEA", 1), ("RICE", 10))

    answer = answered(market, "product_contribution")

    assert {line.code: line.values["share"] for line in answer.lines} == {
        "RICE": 8197,
        "TEA": 1803,
        "HONEY": 0,
    }
    assert answer.totals["share"] == 10_000


@pytest.mark.one_engine
def test_a_name_is_the_whole_name_and_finds_a_customer_by_its_code_too(market: Market) -> None:
    market.load(customers=FILES["customers.csv"] + "C5,Second Shop 2,retailer,IN/MH,active,none,\n")
    market.place(("RICE", 2))

    named = [
        answered(market, "customer_sales", ("customer", Named(name))).count
        for name in ("second shop", "c2", "Second", "Second Shop 2")
    ]
    areas = [
        answered(market, "orders", ("area", Named(name))).count for name in ("IN/KA", "ka", "K")
    ]

    assert named == [1, 1, 0, 0]
    assert areas == [1, 1, 0]


@pytest.mark.one_engine
def test_what_was_not_served_is_told_with_its_price(market: Market) -> None:
    market.place(("TEA", 300))

    (line,) = answered(market, "unfilled").lines

    assert (line.values["asked"], line.values["served"], line.values["cut"]) == (300, 110, 190)
    assert line.values["cut_value"] == 190 * 10_000
    assert line.values["fill_rate"] == 3667


@pytest.mark.one_engine
def test_a_period_stands_beside_the_one_before_and_the_year_before(market: Market) -> None:
    at(market, 22, 12)
    market.place(("RICE", 1))
    at(market, 30, 12)
    market.place(("RICE", 3))

    days = (date(2026, 11, 24), date(2026, 11, 30))
    answer = answered(market, "sales", days=days, compare=True)

    before, year = answer.compared
    assert (before.first, before.last) == (date(2026, 11, 17), date(2026, 11, 23))
    assert before.totals["order_value"] == 5_000
    assert (year.first, year.totals["order_value"]) == (date(2025, 11, 24), 0)


@pytest.mark.one_engine
def test_customers_above_their_limit_are_found(market: Market) -> None:
    market.load(
        customers="id,name,type,geo,status,credit_limit,opening_outstanding\n"
        "C1,First Shop,retailer,IN/KA,active,50.00,100.00\n"
        "C2,Second Shop,retailer,IN/KA,active,none,\n",
        terminals="id,customer,warehouse\nshop-1,C1,MAIN\nshop-2,C2,MAIN\n",
    )

    over = answered(market, "credit", ("status", "over_limit"))

    assert [(line.code, line.values["credit_left"]) for line in over.lines] == [("C1", -5_000)]


@pytest.mark.one_engine
def test_the_days_around_a_turn_of_the_clocks_are_told_apart(market: Market) -> None:
    market.change("UPDATE setting SET value = 'Europe/London' WHERE key = 'timezone'")
    night = datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    for number, hours in ((1, 0), (2, 24)):
        moment = int(night.timestamp() * 1000) + hours * 3_600_000
        market.change("UPDATE stock_movement SET at = :at WHERE id = :id", at=moment, id=number)

    days = (date(2026, 10, 1), date(2026, 10, 31))
    moved = answered(market, "stock_movement", by="day", days=days)

    assert [(line.key, line.values["movements"]) for line in moved.lines] == [("2026-10-25", 2)]


def test_each_month_stands_beside_its_days_of_the_month_before_and_of_the_year_before(
    market: Market,
) -> None:
    for year, month, day, cases in (
        (2026, 11, 24, 1),
        (2027, 10, 5, 2),
        (2027, 10, 28, 4),
        (2027, 11, 10, 8),
    ):
        moment = datetime(year, month, day, 12, tzinfo=ZONE)
        market.clock.ms = int(moment.timestamp() * 1000)
        market.place(("RICE", cases))
    days = (date(2027, 10, 1), date(2027, 11, 25))
    for by, of in (("month", None), ("month", ("area", Named("KA"))), ("month", RICE)):
        answer = answered(market, "trends", *([of] if of else []), by=by, days=days)

        named = ("goods_value", "earlier_goods", "year_goods")
        if of != RICE:
            named = ("order_value", "earlier_value", "year_value")
        rows = [[line.key, *(line.values[one] for one in named)] for line in answer.lines]
        assert rows == [["2027-10-01", 30_000, 0, 0], ["2027-11-01", 40_000, 10_000, 5_000]]
        assert answer.totals[named[0]] == 70_000
        growth = "goods_growth" if of == RICE else "growth"
        assert answer.lines[1].values[growth] == 30_000  # from 100.00 to 400.00: 300 % more


def test_a_customer_who_orders_no_more_is_in_the_trend_of_customers(market: Market) -> None:
    at(market, 22, 12)
    market.place(("RICE", 4), terminal="shop-1")
    at(market, 27, 12)
    market.place(("RICE", 2))

    days = (date(2026, 11, 26), date(2026, 11, 30))
    answer = answered(market, "trends", by="customer", days=days)

    figures = ("order_value", "earlier_value", "growth")
    rows = {line.code: [line.values[one] for one in figures] for line in answer.lines}
    assert rows == {"C2": [10_000, 0, None], "C1": [0, 20_000, -10_000]}


def test_a_distributor_is_told_by_the_customers_it_reached(market: Market) -> None:
    at(market, 23, 12)
    market.place(("RICE", 2))
    market.place(("RICE", 4))
    market.place(("RICE", 2), terminal="shop-1")

    (line,) = answered(market, "distributor_productivity").lines

    with market.database.read() as connection:
        query = "SELECT count(*) FROM party WHERE code <> '@house' AND status = 'active'"
        (active,) = connection.exec_driver_sql(query).one()
    assert line.values["standing_orders"] == 3
    assert (line.values["served_customers"], line.values["own_customers"]) == (2, active)
    assert line.values["coverage"] == (2 * 20_000 + active) // (2 * active)
    assert line.values["average_order"] == 13_333


def test_a_terminal_that_sent_nothing_is_in_the_report_of_their_activity(market: Market) -> None:
    at(market, 12, 12)
    market.place(("RICE", 2))
    at(market, 13, 12)
    market.place(("RICE", 2))
    market.place(("RICE", 2), terminal="shop-1")

    days = (date(2026, 11, 12), date(2026, 11, 13))
    answer = answered(market, "terminal_activity", days=days)
    silent = answered(market, "terminal_activity", ("status", "silent"), days=days)

    rows = {line.code: line.values for line in answer.lines}
    assert {name: (one["sent_orders"], one["active_days"]) for name, one in rows.items()} == {
        "shop-2": (2, 2),
        "shop-1": (1, 1),
        "shop-3": (0, 0),
        "shop-4": (0, 0),
    }
    assert (rows["shop-2"]["last_order"], rows["shop-3"]["last_order"]) == (days[1], None)
    assert {line.code for line in silent.lines} == {"shop-3", "shop-4"}


@pytest.mark.one_engine
def test_a_report_on_paper_is_the_view_with_its_filters_and_says_what_it_leaves_out(
    market: Market,
) -> None:
    at(market, 23, 12)
    market.place(("RICE", 2))
    market.place(("RICE", 4), terminal="shop-1")
    wanted = ReportRequest("sales", (("area", Named("KA")),), None, "customer", "amount_desc")

    with market.database.read() as connection:
        asked = ask(wanted, reader="vikram", now_ms=market.clock.ms, zone=ZONE)
        drawn = print_report(connection, asked, EVERYTHING, words=PageWords("hi"))
        answer = answer_report(connection, asked, scope=EVERYTHING, page=Page(0, 1), compare=True)
        sheet = sheet_on_paper(answer, asked, EVERYTHING, words=PageWords("en"), days="")
        cut = sheet_of(connection, asked, EVERYTHING, words=PageWords("en"), most=1)
        whole = sheet_of(connection, asked, EVERYTHING, words=PageWords("en"), most=2)

    rupee = "\N{INDIAN RUPEE SIGN}"
    assert drawn.startswith(b"%PDF-")
    assert ("Area", "KA") in sheet.told
    assert re.fullmatch(r"23 Nov 2026, 12:\d\d:\d\d IST", dict(sheet.told)["Made"])
    assert dict(sheet.told)["Day of the order"].startswith("last 30 days (25 Oct 2026")
    assert [row[1] for row in sheet.rows] == [f"{rupee}200.00"]
    assert sheet.last[1] == f"{rupee}300.00"
    assert sheet.left_out == "1 row is left out: narrow the filter"
    assert cut.told[0] == ("Not complete", "1 row is left out: narrow the filter")
    assert [len(list(one.rows)) for one in (cut, whole)] == [1 + 1, 2 + 1]  # and the totals
    assert "Not complete" not in dict(whole.told)
    assert sheet.totals[0].value == f"{rupee}300.00"
    assert sheet.totals[0].against[0].endswith(f"{rupee}0.00")


def paid_in(market: Market, first: date, last: date) -> dict[str, int]:
    """Answer the report of payments for some days, with what came to nothing left out."""
    answer = answered(market, "payments", days=(first, last))
    return {name: int(one or 0) for name, one in answer.totals.items() if one}


def test_a_cheque_that_comes_back_comes_off_on_its_own_day_and_closed_months_stay(
    market: Market,
) -> None:
    november, december = (date(2026, 11, 1), date(2026, 11, 30)), (date(2026, 12, 1),) * 2
    moves = payments_of(market).cheque
    quick = paid(market, "50.00", mode="cheque", reference="1")
    slow = paid(market, "70.00", mode="cheque", reference="2")
    wrong = paid(market, "9.00")
    moves(quick.payment, "cleared", by="asha", scope=EVERYTHING)
    told = paid_in(market, *november)
    at(market, 1, 12)
    market.clock.ms += 30 * 24 * 3_600_000

    moves(quick.payment, "bounced", by="asha", scope=EVERYTHING)
    moves(slow.payment, "bounced", by="asha", scope=EVERYTHING)
    payments_of(market).void(wrong.payment, why="typed twice", by="asha", scope=EVERYTHING)

    assert told == {"received": 5900, "in_clearing": 7000, "receipts": 3}
    assert paid_in(market, *november) == told
    assert paid_in(market, *december) == {
        "received": -5900,
        "in_clearing": -7000,
        "bounced": 12000,
    }


@pytest.mark.one_engine
def test_a_shop_on_two_beats_is_in_the_row_of_each_and_counts_once_in_the_total(
    market: Market,
) -> None:
    beats = market.hub.ground.part(FieldActs).plan
    for code, outlets in (("B-1", ("C1", "C2")), ("B-2", ("C2",))):
        beats.add(BeatFields(code, f"Road {code}", outlets), by="asha", scope=EVERYTHING)
    market.place(("TEA", 5))
    market.place(("SOAP", 12), terminal="shop-1")
    market.place(("SOAP", 3), terminal="shop-2", customer="C2")

    for report in ("sales", "customer_orders", "unfilled"):
        whole, rows = answered(market, report), answered(market, report, by="beat")
        main = rows.main
        assert {**rows.totals, "share": None} == {**whole.totals, "share": None}, report
        assert rows.count == len(rows.lines)
        for line in (one for one in rows.lines if one.code):
            beat = Named(str(line.values["label"]), line.code)
            assert answered(market, report, ("beat", beat)).totals[main] == line.values[main]

    by_beat = {line.code: line.values for line in answered(market, "sales", by="beat").lines}
    assert by_beat["B-1"]["order_value"] != by_beat["B-2"]["order_value"]
    keep_all(market)
    assert answered(market, "customer_sales", by="beat", days=ALL_DAYS).totals == {
        **answered(market, "customer_sales", days=ALL_DAYS).totals
    }


@pytest.mark.one_engine
def test_records_beside_one_another_are_the_rows_of_either(market: Market) -> None:
    fill(market)
    market.place(("SOAP", 3), terminal="shop-2", customer="C2")
    shops = Several((Named("First Shop", "C1"), Named("second shop")))

    both = answered(market, "customer_sales", ("customer", shops), by="customer")
    each = [answered(market, "customer_sales", ("customer", one)) for one in shops.names]

    assert {line.code for line in both.lines} == {"C1", "C2"}
    values = [one.totals["order_value"] or 0 for one in each]
    assert both.totals["order_value"] == sum(values) > max(values) > 0
    fields = dict(write_fields(both.request))
    assert read_fields("customer_sales", fields) == both.request
