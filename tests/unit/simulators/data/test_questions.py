"""Real orders as questions for the rules: every order, its own prices, and what they share."""

import json
from pathlib import Path

import pytest

from rules import evaluate, load_pack, run_cases
from rules.language import read_pack
from rules.tools.replay.deciding import compare_file
from rules.tools.replay.questions import read_orders
from simulators.__main__ import main
from simulators.data import ORDERS, gathered
from simulators.data import read_orders as read_real_orders

HEADER = "invoice,stock_code,description,quantity,invoiced_at,unit_price,customer_id,country"
ROWS = (
    "1001,A1,MUG,6,2010-03-01T10:30:00,2.95,12417,Belgium",
    "1001,A1,MUG,4,2010-03-01T10:30:00,2.95,12417,Belgium",
    "1001,B2,LAMP,1,2010-03-01T10:30:00,5.00,12417,Belgium",
    "C1002,B2,LAMP,-1,2010-03-02T10:30:00,5.00,12417,Belgium",
)


def _questions(folder: Path, *rows: str) -> Path:
    file = folder / "orders.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    assert main(["questions", str(file), "-o", str(folder / "made")]) == 0
    return folder / "made"


def test_an_invoice_is_one_order_with_a_line_a_product(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = _questions(tmp_path, *ROWS)

    (asked,) = read_orders((made / "orders.jsonl").read_text())
    assert [(line.sku, line.quantity) for line in asked.order.lines] == [("A1", 10), ("B2", 1)]
    assert (asked.order.id, str(asked.order.business_date)) == ("1001", "2010-03-01")
    assert asked.facts.customer.geo == ("BE",)
    assert "1 orders in " in capsys.readouterr().out


def test_the_pack_has_the_orders_own_prices(tmp_path: Path) -> None:
    made = _questions(tmp_path, *ROWS)

    pack = load_pack(read_pack(made / "pack"))
    (asked,) = read_orders((made / "orders.jsonl").read_text())
    result = evaluate(asked.order, asked.facts, asked.counters, pack)
    gross = 10 * 295 + 500
    assert result.totals.gross in {gross, gross * 95 // 100}
    assert run_cases(pack) == ()


def test_every_real_order_is_asked_once_and_priced(tmp_path: Path) -> None:
    assert main(["questions", str(ORDERS), "-o", str(tmp_path / "made")]) == 0

    text = (tmp_path / "made" / "orders.jsonl").read_text()
    packed = read_pack(tmp_path / "made" / "pack")
    found = compare_file(packed, packed, text)
    real = list(gathered(read_real_orders(ORDERS).lines))
    ids = [json.loads(line)["order"]["id"] for line in text.splitlines()[1:]]
    assert (found.orders, found.changed, len(set(ids))) == (len(real), 0, len(real))
    assert found.payable_before > 0


def test_a_folder_that_is_there_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")

    assert main(["questions", str(file), "-o", str(tmp_path)]) == 2

    assert "name a new folder" in capsys.readouterr().err


def test_a_file_without_orders_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(f"{HEADER}\n{ROWS[-1]}\n", encoding="utf-8")

    assert main(["questions", str(file), "-o", str(tmp_path / "made")]) == 2

    assert "cancels an earlier one" in capsys.readouterr().err
