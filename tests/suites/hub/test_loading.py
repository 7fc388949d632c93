"""Loading a distributor adds and changes what differs, and a second time does nothing."""

from pathlib import Path

import pytest

from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.terminals.acts.load_distributor import LoadRefusedError
from hub.desk.terminals.commands.load.reading import DistributorError
from rules import load_pack
from rules.language import read_pack
from tests.builders.market import FILES, Market, filled, packed, write_pack

pytestmark = pytest.mark.one_engine

LOADED = (
    "product",
    "product_gtin",
    "party",
    "party_closure",
    "posting",
    "customer_account",
    "warehouse",
    "terminal",
    "batch",
    "stock_movement",
    "rule_pack",
    "snapshot",
    "setting",
)
NO_BATCHES = "warehouse,sku,batch,manufactured,expiry,received,on_hand\n"


def faults(market: Market, **files: str) -> list[str]:
    """Load files with faults, and give what is said of them."""
    with pytest.raises(DistributorError) as caught:
        market.load(None, **files)
    return [str(fault) for fault in caught.value.faults]


def counted(market: Market) -> list[tuple[int, ...]]:
    """Count the rows of every table that a load writes."""
    return [market.rows(f"SELECT count(*) FROM {name}")[0] for name in LOADED]  # noqa: S608


def test_loading_the_same_folder_twice_changes_nothing(market: Market) -> None:
    before = counted(market)

    loaded = market.load()

    assert loaded.nothing
    assert counted(market) == before


def test_a_changed_customer_is_changed_and_an_opening_amount_moves_the_exposure(
    market: Market,
) -> None:
    market.place(("TEA", 1), terminal="shop-1")
    customers = FILES["customers.csv"].replace("1000.00,100.00", "2000.00,150.00")

    loaded = market.load(customers=customers)

    assert loaded.changed["customers"] == 2
    assert market.rows("SELECT credit_limit FROM party WHERE code = 'C1'") == [(200_000,)]
    assert market.rows("SELECT max(exposure) FROM customer_account") == [(15_000 + 11_000,)]
    assert market.broken() == set()


def test_stock_that_is_there_is_left_alone(market: Market) -> None:
    market.place(("TEA", 5))

    loaded = market.load(batches=FILES["batches.csv"].replace("2026-02-01,10\n", "2026-02-01,99\n"))

    assert loaded.nothing
    assert market.rows("SELECT on_hand, reserved FROM batch WHERE code = 'T-EARLY'") == [(10, 5)]


def test_a_new_batch_comes_with_the_movement_that_brought_it(market: Market) -> None:
    more = FILES["batches.csv"] + "MAIN,SOAP,S2,,,2026-05-01,7\n"

    loaded = market.load(batches=more)

    assert loaded.added["batches"] == 1
    assert market.broken() == set()


def test_a_new_terminal_gets_a_configuration_of_its_own_and_old_ones_keep_theirs(
    market: Market,
) -> None:
    folder = market.hub.settings.folder / "terminals"
    before = (folder / "shop-1.toml").read_text()

    market.load(terminals=FILES["terminals.csv"] + "shop-5,C2,MAIN\n")

    assert (folder / "shop-1.toml").read_text() == before
    assert 'id = "shop-5"' in (folder / "shop-5.toml").read_text()
    assert (folder / "shop-5.toml").stat().st_mode & 0o777 == 0o600


def test_a_terminals_secret_is_kept_as_a_hash_only(market: Market) -> None:
    written = (market.hub.settings.folder / "terminals" / "shop-1.toml").read_text()
    secret = written.split('password = "')[1].split('"')[0]

    stored = market.rows("SELECT secret_sha256 FROM terminal WHERE id = 'shop-1'")[0][0]

    assert secret not in stored
    assert len(stored) == 64


def test_every_fault_is_told_with_its_file_and_row_and_nothing_is_loaded(market: Market) -> None:
    before = counted(market)

    found = faults(
        market,
        products="sku,gtins,name,category,brand,tax_class,base_unit,pack_sizes\n"
        "TEA,12,Tea,drinks,,full,PCS,\n"
        "RICE,,,food,,none,KG,\n"
        "SOAP,,Soap,,,none,PCS,CASE=0\n"
        "SOAP,,Soap,,,none,PCS,\n",
        batches="warehouse,sku,batch,manufactured,expiry,received,on_hand\n"
        "MAIN,SOAP,S1,2026-02-30,,2026-02-01,5\n"
        "MAIN,SOAP,S1,,,2026-02-01,-5\n"
        "MAIN,SOAP,S1,,,2026-02-01,5\n"
        "MAIN,SOAP,S1,,,2026-02-01,5\n"
        "MAIN,SOAP,S2,2026-02-01,2026-01-01,2026-02-01,5\n"
        "NORTH,SOAP,S3,,,2026-02-01,5\n",
    )

    assert found == [
        "products.csv:2: gtins: '12' is not 8 to 14 digits",
        "products.csv:3: name is empty",
        "products.csv:4: pack_sizes: 'CASE=0' is not one such as CASE=12",
        "batches.csv:2: manufactured '2026-02-30' is not a date such as 2026-03-31",
        "batches.csv:3: on_hand '-5' is not a whole number of 0 or more",
        "batches.csv:5: MAIN SOAP S1 is there already, in row 4",
        "batches.csv:6: expiry 2026-01-01 is before manufactured 2026-02-01",
        "batches.csv:7: warehouse 'NORTH' is not known",
    ]
    assert counted(market) == before


def test_a_column_nobody_knows_is_a_fault_and_so_is_a_missing_one(market: Market) -> None:
    found = faults(market, warehouses="code,nmae,priority\nMAIN,Main,1\n")

    assert found[:2] == [
        "warehouses.csv:1: column 'name' is missing",
        "warehouses.csv:1: column 'nmae' is not known",
    ]


def test_an_amount_finer_than_the_currency_and_a_negative_limit_are_faults(market: Market) -> None:
    header = "id,name,type,geo,status,credit_limit,opening_outstanding\n"

    found = faults(
        market, customers=header + "C1,One,,,active,10.001,\nC2,Two,,,active,-5,\nC3,X,,,gone,,\n"
    )

    assert [fault.split(": ")[0] for fault in found[:3]] == [
        "customers.csv:2",
        "customers.csv:3",
        "customers.csv:4",
    ]


def test_prices_and_bar_codes_of_packs_are_read_and_a_second_load_changes_nothing(
    market: Market,
) -> None:
    header, tea, *rest = FILES["products.csv"].splitlines()
    products = "\n".join(
        [
            f"{header},mrp,cost,pack_gtins",
            f"{tea},120.50,79.1234,CASE=18901234567891;CASE=28901234567898",
            *rest,
        ]
    )
    batches = FILES["batches.csv"].replace("received,on_hand", "received,on_hand,mrp")

    loaded = market.load(
        products=filled(products), batches=filled(batches.replace(",10\n", ",10,125\n"))
    )

    assert (loaded.changed["products"], loaded.changed["batches"]) == (3, 1)
    assert market.rows("SELECT mrp, cost FROM product WHERE sku = 'TEA'") == [(1_205_000, 791_234)]
    assert market.rows("SELECT mrp FROM batch WHERE mrp IS NOT NULL") == [(1_250_000,)]
    assert set(market.rows("SELECT gtin, unit FROM product_gtin")) == {
        ("8901234567894", None),
        ("18901234567891", "CASE"),
        ("28901234567898", "CASE"),
    }
    again = market.load(
        products=filled(products), batches=filled(batches.replace(",10\n", ",10,125\n"))
    )
    assert again.nothing


def test_faults_of_prices_and_bar_codes_of_packs_are_told(market: Market) -> None:
    found = faults(
        market,
        products="sku,gtins,name,category,brand,tax_class,base_unit,pack_sizes,mrp,cost,pack_gtins\n"
        "TEA,,Tea,,,full,PCS,CASE=12,12.34567,,\n"
        "RICE,,Rice,,,none,KG,,-5,,\n"
        "SOAP,,Soap,,,none,PCS,,,free,\n"
        "OIL,,Oil,,,none,PCS,CASE=12,,,BOX=18901234567891\n"
        "HONEY,,Honey,,,none,PCS,CASE=12,,,CASE=1890\n"
        f"JAM,,Jam,,,none,PCS,{'X' * 33}=6,,,\n",
        batches="warehouse,sku,batch,manufactured,expiry,received,on_hand,mrp\n",
    )

    assert found == [
        "products.csv:2: mrp: '12.34567' has more than 4 decimals",
        "products.csv:3: mrp '-5' is not above zero: leave it empty",
        "products.csv:4: cost: 'free' is not a number such as 12 or 12.50",
        "products.csv:5: pack_gtins: 'BOX=18901234567891' names no pack of pack_sizes",
        "products.csv:6: pack_gtins: '1890' is not 8 to 14 digits",
        f"products.csv:7: pack_sizes: '{'X' * 33}' is longer than 32 characters",
    ]


def test_one_bar_code_names_a_piece_or_a_pack(market: Market) -> None:
    header, tea, *_ = FILES["products.csv"].splitlines()

    found = faults(
        market, products=f"{header},pack_gtins\n{tea},CASE=08901234567894\n", batches=NO_BATCHES
    )

    assert found == [
        "products.csv:0: gtin 08901234567894 is both TEA and a CASE of TEA",
    ]


def test_a_customer_cannot_be_called_like_a_counter_of_schemes(market: Market) -> None:
    header = "id,name,type,geo,status,credit_limit,opening_outstanding\n"
    ids = ("total", "C7@2026-11", "C7@2026", "owner@shop.example")

    found = faults(
        market, customers=header + "".join(f"{one},Shop,,,active,none,\n" for one in ids)
    )

    assert [fault for fault in found if "counters" in fault] == [
        f"customers.csv:{row}: id '{one}' is how counters of schemes are named: take another"
        for row, one in enumerate(ids[:3], 2)
    ]


def test_the_catalogue_is_a_snapshot_named_by_its_hash(market: Market) -> None:
    (digest,) = market.rows("SELECT value FROM setting WHERE key = 'catalogue'")[0]

    body = market.rows("SELECT body FROM snapshot WHERE hash = :h", h=digest)

    assert len(body) == 1
    assert b'"gtins":["8901234567894"]' in bytes(body[0][0])


def test_a_first_pack_is_published_at_once_and_by_whom_is_noted(market: Market) -> None:
    assert market.rows("SELECT origin, published_by FROM rule_pack") == [("set_up", "load")]
    assert [tuple(row) for row in market.rows("SELECT kind, actor FROM pack_event")] == [
        ("published", "load")
    ]


def test_a_changed_pack_is_left_alone_and_the_rest_of_the_folder_is_loaded(
    market: Market,
) -> None:
    customers = FILES["customers.csv"].replace("First Shop", "Corner Shop")

    loaded = market.load(packed(version=2), customers=customers)

    assert loaded.changed["customers"] == 1
    (note,) = loaded.notes
    assert note.startswith("rule pack: left as it is, version 1 serves; another is added with")
    assert market.rows("SELECT version FROM rule_pack") == [(1,)]


@pytest.mark.parametrize("scale", [0, 3])
def test_a_pack_of_other_decimals_than_payments_have_is_refused_with_what_would_be_right(
    market: Market, tmp_path: Path, scale: int
) -> None:
    write_pack(tmp_path)
    head = tmp_path / "pack.yaml"
    head.write_text(head.read_text().replace("scale: 2", f"scale: {scale}"))
    body = read_pack(tmp_path)

    with pytest.raises(LoadRefusedError, match=f"amounts of {scale} decimals.*write `scale: 2`"):
        market.load(PackedPack(body, load_pack(body)))

    assert market.rows("SELECT version FROM rule_pack") == [(1,)]


def test_a_terminal_added_again_gets_another_secret(market: Market, tmp_path: Path) -> None:
    path = market.hub.settings.folder / "terminals" / "shop-1.toml"
    before = path.read_text()

    market.enrol.add("shop-1", customer="C1", warehouse="MAIN")

    assert path.is_relative_to(tmp_path)
    assert path.read_text() != before
