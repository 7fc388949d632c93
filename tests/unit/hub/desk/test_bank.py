"""Statements of banks: columns, amounts and days as banks write them, and whose money a row is."""

import time
from datetime import date
from typing import Final

import pytest

from hub.desk.bank.acts.take_statement import read_bank_file
from hub.desk.bank.model.matching import Books, Found, Owing, Paid
from hub.desk.bank.model.reading import DayOrder

TWO_COLUMNS: Final = (
    "Account No,:,5020001\n"
    "Statement From : 01/11/2026,,\n\n"
    "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n"
    '13/11/26,NEFT CR-ASHA STORES,N3170042,13/11/26,,"1,25,000.00","1,35,000.00"\n'
    '14/11/26,CHQ PAID TO RENT,000000000000,14/11/26,"5,000.00",,"1,30,000.00"\n'
    '05/12/26,UPI-MOHAN-4412,0000004412,05/12/26,,250.50,"1,30,250.50"\n'
    "STATEMENT SUMMARY :-\n"
    "Opening Balance,Dr Count,Cr Count,Debits,Credits,Closing Bal\n"
    '"10,000.00",1,2,"5,000.00","1,25,250.50","1,30,250.50"\n'
)
TABBED: Final = (
    "Account Name      :\tCorner, Supplies\n"
    "Txn Date\tValue Date\tDescription\tRef No./Cheque No.\tDebit\tCredit\tBalance\n"
    "1 Nov 2026\t1 Nov 2026\tBY TRANSFER-NEFT, ASHA\tTRANSFER FROM 44\t\t1,000.00\t3,000.00\n"
    "2 Nov 2026\t2 Nov 2026\tCHQ TRANSFER\t--\t400.00\t\t2,600.00\n"
)
SIDED: Final = (
    '"Sl. No.","Date","Description","Chq / Ref number","Amount","Dr / Cr","Balance"\n'
    '"1","13-11-2026","UPI/ASHA/4412","UPI-4412","₹ 1,000.00","CR","5,000.00(Cr)"\n'
    '"2","12-11-2026","CHARGES","","59.00","DR","4,000.00(Cr)"\n'
)
WRITTEN_IN: Final = (
    "Transaction Date;Transaction Remarks;Transaction Amount\n"
    "2026-11-13 10:33:12;RTGS ASHA;Rs. 2,00,000.00 Cr\n"
    "2026-11-14 10:33:12;RENT;Rs. 500.00 Dr.\n"
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            TWO_COLUMNS,
            [
                (5, date(2026, 11, 13), 12_500_000, "N3170042"),
                (6, date(2026, 11, 14), -500_000, ""),
                (7, date(2026, 12, 5), 25_050, "0000004412"),
            ],
        ),
        (
            TABBED,
            [
                (3, date(2026, 11, 1), 100_000, "TRANSFER FROM 44"),
                (4, date(2026, 11, 2), -40_000, ""),
            ],
        ),
        (
            SIDED,
            [
                (2, date(2026, 11, 13), 100_000, "UPI-4412"),
                (3, date(2026, 11, 12), -5_900, ""),
            ],
        ),
        (
            WRITTEN_IN,
            [(2, date(2026, 11, 13), 20_000_000, ""), (3, date(2026, 11, 14), -50_000, "")],
        ),
    ],
    ids=["two columns", "tabs", "Dr and Cr", "in the amount"],
)
def test_files_of_banks_are_read_as_they_come(
    text: str, rows: list[tuple[int, date, int, str]]
) -> None:
    # the balance of the third file is of newest first: 4,000.00 and then 1,000.00 more
    found, faults = read_bank_file(text)

    assert faults == []
    assert [(one.line, one.day, one.amount, one.reference) for one in found] == rows


def test_a_narration_goes_on_in_lines_that_have_nothing_else() -> None:
    plain = TABBED.splitlines()
    further = ["\t\tSTORES CHENNAI\t\t\t\t", "\t\tINV26-27/000007\t\t\t\t"]
    below = ["", "\t\tThis is computer generated\t\t\t\t"]

    alone, _ = read_bank_file("\n".join([*plain, ""]))
    rows, faults = read_bank_file("\n".join([*plain[:3], *further, plain[3], *below, ""]))

    assert faults == []
    assert [one.narration for one in rows] == [
        "BY TRANSFER-NEFT, ASHA STORES CHENNAI INV26-27/000007",
        "CHQ TRANSFER",
    ]
    assert [one.key for one in rows] == [one.key for one in alone]  # another file has one line


HEAD: Final = "Date,Narration,Debit,Credit,Balance\n"


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("Date,Narration,Debit,Credit\n03/04/2026,A,,5.00\n", "bank_days_unclear", "dates"),
        (
            "Date,Narration,Debit,Credit\n13/04/2026,A,,5.00\n04/13/2026,B,,5.00\n",
            "bank_days_mixed",
            "file",
        ),
        (HEAD + "13/04/2026,A,,5.00,5.00\n14/04/2026,B,,5.00,11.00\n",
         "bank_balance_breaks", "line 3"),
        (HEAD + "13/04/2026,A,4.00,5.00,5.00\n", "bank_two_sides", "line 2"),
        (HEAD + '13/04/2026,A,,"1,5",5.00\n', "cell_not_amount", "line 2"),
        (HEAD + "31/02/2026,A,,5.00,5.00\n", "bank_day_unread", "line 2"),
        (HEAD + ",A,,5.00,5.00\n", "bank_no_day", "line 2"),
        ("Date,Narration,Amount\n13/04/2026,A,5.00\n", "bank_no_side", "line 2"),
        ("a,b\n1,2\n", "bank_no_header", "file"),
        (HEAD, "bank_no_rows", "file"),
    ],
)  # fmt: skip
def test_a_file_that_is_cut_or_unclear_is_refused_at_its_line(
    text: str, code: str, field: str
) -> None:
    rows, faults = read_bank_file(text)

    assert rows == []
    assert (faults[0].code, faults[0].field) == (code, field)


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2026, 4, 3)), ("mdy", date(2026, 3, 4))])
def test_who_says_how_days_are_written_is_believed(order: DayOrder, day: date) -> None:
    rows, _ = read_bank_file("Date,Narration,Debit,Credit\n03/04/2026,A,,5.00\n", order=order)

    assert [one.day for one in rows] == [day]


def test_a_row_is_the_same_in_another_file_and_two_that_say_the_same_are_two() -> None:
    first, _ = read_bank_file(HEAD + "13/04/2026,A,,5.00,5.00\n14/04/2026,B,,5.00,10.00\n")
    second, _ = read_bank_file("x,y\n" + HEAD + "14/04/2026,B,,5.00,10.00\n")
    twice, _ = read_bank_file(
        "Date,Narration,Debit,Credit\n13/04/2026,A,,5.00\n13/04/2026,A,,5.00\n"
    )

    assert first[1].key == second[0].key
    assert twice[0].key != twice[1].key


BOOKS: Final = Books(
    [
        Owing("C1", "Asha General Stores", 11, "INV26-27/000001", 50_000),
        Owing("C2", "Mohan Traders", 12, "INV26-27/000002", 50_000),
        Owing("C2", "Mohan Traders", 13, "INV26-27/000003", 70_000),
    ],
    {30_000: [Paid(7, "PAY26-27/000001", "C1", "Asha General Stores", 30_000, "123456", True)]},
    {"C1": "Asha General Stores", "C2": "Mohan Traders", "C3": "Om"},
)


@pytest.mark.parametrize(
    ("amount", "reference", "narration", "found", "choices"),
    [
        (30_000, "123456", "CLG", "matched", ["=PAY26-27/000001"]),
        (12_300, "", "NEFT INV26-27/000003 PART", "matched", ["C2/13"]),
        (50_000, "", "NEFT ASHA GENERAL STO", "matched", ["C1/11", "C2/12"]),
        (50_000, "", "CASH DEPOSIT", "candidates", ["C1/11", "C2/12"]),
        (70_000, "", "CASH DEPOSIT", "candidates", ["C2/13"]),
        (99_900, "", "IMPS MOHAN TRADERS", "candidates", ["C2"]),
        (99_900, "", "INTEREST OM", "unknown", []),
        (-50_000, "", "RENT ASHA GENERAL STORES", "out", []),
    ],
)
def test_a_row_is_whose_reference_invoice_or_amount_and_name_it_bears(
    amount: int, reference: str, narration: str, found: Found, choices: list[str]
) -> None:
    match = BOOKS.match(amount, reference, narration)

    assert match.found == found
    assert [one.choice for one in match.candidates] == choices


@pytest.mark.parametrize(
    ("amount", "narration", "found", "choices"),
    [
        (50_000, "NEFT SRI VENKATESHWARA TRAD", "candidates", ["V1/21", "V2"]),
        (60_000, "NEFT SRI VENKATESHWARA TRADERS", "matched", ["V2/22"]),
        (99_900, "NEFT SRI VENKATESHWARA", "candidates", ["V1", "V2"]),
        (99_900, "CLG 4512", "unknown", []),
    ],
)
def test_of_two_customers_whose_names_begin_alike_the_one_is_meant_that_is_written(
    amount: int, narration: str, found: Found, choices: list[str]
) -> None:
    stores, traders = "Sri Venkateshwara Stores", "Sri Venkateshwara Traders"
    books = Books(
        [Owing("V1", stores, 21, "A26-27/000021", 50_000),
         Owing("V2", traders, 22, "A26-27/000022", 60_000)],
        {},
        {"V1": stores, "V2": traders},
    )  # fmt: skip

    match = books.match(amount, "", narration)

    assert match.found == found
    assert [one.choice for one in match.candidates] == choices


def test_a_cheque_is_the_same_with_and_without_the_zeros_before_its_number() -> None:
    cheque = Paid(8, "PAY26-27/000002", "C1", "Asha General Stores", 7_700, "004512", waits=True)
    books = Books([], {7_700: [cheque]}, {})

    assert books.match(7_700, "4512", "CLG").candidates[0].choice == "=PAY26-27/000002"


@pytest.mark.parametrize(
    ("amount", "reference", "narration", "found", "bys"),
    [
        (-7_700, "4512", "CHQ RETURN CHARGES NOT INCL", "matched", ["returned"]),
        (-7_700, "", "O/W CHQ RTN 00004512/FUNDS INSUFFICIENT", "candidates", ["amount"]),
        (-7_700, "", "RENT", "out", []),
        (-7_800, "4512", "CHQ RETURN", "out", []),
        (7_700, "4512", "CLG", "unknown", []),
    ],
)
def test_money_that_went_out_is_the_cheque_that_came_back(
    amount: int, reference: str, narration: str, found: Found, bys: list[str]
) -> None:
    shop = "Asha General Stores"
    cheque = Paid(
        8, "PAY26-27/000002", "C1", shop, 7_700, "4512",
        waits=False, may_return=True, booked=True,
    )  # fmt: skip
    upi = Paid(9, "PAY26-27/000003", "C1", shop, 7_700, "4512", waits=False, booked=True)

    match = Books([], {7_700: [cheque, upi]}, {}).match(amount, reference, narration)

    assert match.found == found
    assert [one.by for one in match.candidates] == bys


def test_a_long_statement_meets_many_documents_and_customers_at_once() -> None:
    names = [f"Kirana Stores Number {n}" for n in range(2000)]
    books = Books(
        [Owing(f"K{n}", names[n % 2000], n, f"INV26-27/{n:06}", 100 + n) for n in range(5000)],
        {},
        {f"K{n}": name for n, name in enumerate(names)},
    )
    started = time.process_time()

    found = [books.match(10, f"N{n}", f"NEFT {name.upper()} INV").found for n, name in
             enumerate(names)]  # fmt: skip

    assert set(found) == {"candidates"}
    assert time.process_time() - started < 10  # one by one it took minutes


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Date,Narration,Withdrawal Amt.,Deposit Amt.\n****,****,***,***\n13/11/26,A,,5.00\n",
         [(3, 500)]),
        (("Tran Date,PARTICULARS,DR,CR,BAL\n13-11-2026,A, ,5.00,5.00\n"
         "TRANSACTION TOTAL DR/CR,,2.00,5.00\n"), [(2, 500)]),
        ("Transaction Date,Particulars,Debit,Credit\n13-Nov-2026,A,,5.00\nTotal,,,5.00\n",
         [(2, 500)]),
        ('Txn Date,Description,Debit,Credit\n="13-11-2026 10:00:00",A,,="5.00"\n', [(2, 500)]),
        (("Bank Reference,Transaction Date & Time,Payment Narration,Debit,Credit\n"
         "S1,13-11-2026 10:00,A,,5.00\n"), [(2, 500)]),
        (("Date,Description,Amount,Dr / Cr,Balance,Dr / Cr\n13-11-2026,A,5.00,CR,50.00,DR\n"
         "14-11-2026,B,3.00,DR,53.00,DR\n"), [(2, 500), (3, -300)]),
        ("Date,Particulars,Withdrawals,Deposits,Balance,DR/CR\n13-11-2026,A,,5.00,5.00,CR\n",
         [(2, 500)]),
        (("Date,Narration,Debit,Credit\n13/11/2026,A,,5.00\nPage 2,,,\n"
         "Date,Narration,Debit,Credit\n14/11/2026,B,,6.00\n"), [(2, 500), (5, 600)]),
        ('Date,Narration,Debit,Credit\n"Nov 13, 2026",A,,"Rs. 1,000/-"\n', [(2, 100_000)]),
        ("Date,Narration,Debit,Credit\n13/11/2026,REVERSED,,-5.00\n", [(2, -500)]),
        ("Date,Narration,Debit,Credit\n13/11/2026,OUT,-5.00,\n", [(2, -500)]),
    ],
    ids=["ruled line", "totals", "total as day", "formulas", "day and time", "overdraft",
         "side of the balance", "two pages", "month first", "reversed", "minus"],
)  # fmt: skip
def test_what_banks_print_around_their_rows_is_left_out(
    text: str, rows: list[tuple[int, int]]
) -> None:
    found, faults = read_bank_file(text)

    assert faults == []
    assert [(one.line, one.amount) for one in found] == rows


def test_a_file_that_ends_in_the_middle_of_a_row_was_cut() -> None:
    rows, faults = read_bank_file(HEAD + "13/04/2026,A,,5.00,5.00\n14/04/2026,B,,10")

    assert rows == []
    assert (faults[0].code, faults[0].field) == ("bank_balance_breaks", "line 3")
