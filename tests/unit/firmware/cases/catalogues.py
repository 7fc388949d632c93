"""Catalogue and price list, made from snapshots as a hub writes them."""

import json
import os

from firmware.core.writing import written
from firmware.flash.building import build_prices, build_products
from firmware.flash.catalogue import Catalogue
from firmware.flash.table import Table
from firmware.flash.table_writing import TableWriter
from tests.builders.on_micropython.folders import new_folder


def product(sku, name="Name", gtins=(), sizes=(), packs=()):
    told = (
        ("base_unit", "PCS"),
        ("brand", None),
        ("category", ["food"]),
        ("gtins", list(gtins)),
        ("name", name),
    )
    if packs:
        told += (("pack_gtins", tuple(packs)),)
    return told + (("pack_sizes", tuple(sizes)), ("sku", sku), ("tax_class", None))


def snapshot(path, products):
    with open(path, "wb") as stream:
        stream.write(b'{"format":1,"products":[')
        for number, one in enumerate(products):
            stream.write((b"," if number else b"") + written(one))
        stream.write(b"]}")


def catalogue(products, pack=None):
    place = new_folder()
    snapshot(place + "/part", products)
    assert max(list(build_products(place + "/part", place + "/products")) + [0]) >= 0
    if pack is not None:
        with open(place + "/part", "wb") as stream:
            stream.write(pack.encode())
        list(build_prices(place + "/part", place + "/prices"))
    return Catalogue(place)


TEA = product(
    "TEA", "Tea – चाय", ["8901234567890"], [("CASE", 12)], [("18901234567897", "CASE")]
)  # fmt: skip
PACK = (
    '{"format":1,"name":"a \\",\\"prices\\":[ b","prices":['
    '{"id":"PL-1","level":"region","rates":{"TEA":1}},'
    '{"from":"2026-01-01","id":"PL-2","level":"default","rates":{"TEA":2}},'
    '{"id":"PL-3","level":"default","rates":{"RICE":500000,"TEA":1450000}}],"scale":2}'
)


def test_a_product_is_found_by_gtin_pack_and_sku():
    found = catalogue([product("A"), TEA])

    piece = found.find("08901234567890")
    case = found.find("18901234567897")
    assert (piece.sku, piece.name, piece.unit, piece.size) == ("TEA", "Tea – चाय", "", 1)
    assert (case.sku, case.unit, case.size) == ("TEA", "CASE", 12)
    assert found.find("TEA").sizes == {"CASE": 12}
    assert found.find("COFFEE") is None


def test_prices_are_those_for_everybody_without_dates():
    found = catalogue([product("A"), TEA], PACK)

    assert found.find("TEA").price == 1_450_000
    assert found.find("A").price == 0


def test_of_many_products_each_is_found():
    found = catalogue(product("S%05d" % n, "N%d" % n, ["%013d" % n]) for n in range(1500))

    for n in range(0, 1500, 37):
        assert found.find("S%05d" % n).name == "N%d" % n
        assert found.find("0%013d" % n).sku == "S%05d" % n
    assert found.find("S01500") is None


def test_an_empty_catalogue_is_one():
    found = catalogue([])

    assert found.is_there
    assert found.find("TEA") is None


def test_no_catalogue_finds_nothing():
    found = Catalogue(new_folder())

    assert (found.is_there, found.find("TEA")) == (False, None)


def test_a_snapshot_cut_at_any_byte_leaves_the_old_catalogue():
    place = new_folder()
    snapshot(place + "/part", [product("OLD")])
    list(build_products(place + "/part", place + "/products"))
    snapshot(place + "/whole", [product("A"), TEA])
    with open(place + "/whole", "rb") as stream:
        whole = stream.read()
    for cut in range(0, len(whole) - 2, 3):
        with open(place + "/part", "wb") as stream:
            stream.write(whole[:cut])
        try:
            list(build_products(place + "/part", place + "/products"))
        except ValueError:
            assert Catalogue(place).find("OLD").sku == "OLD"
            assert sorted(os.listdir(place)) == ["part", "products", "whole"]
            continue
        raise AssertionError(cut)


def test_what_is_no_catalogue_is_refused():
    for products in (
        [(("sku", "A"),)],
        [product("A", sizes=[], packs=[("18901234567897", "CASE")])],
        [product("A", "x" * 9000)],
        ["text"],
    ):
        try:
            catalogue(products)
        except ValueError:
            continue
        raise AssertionError(products)


def test_a_price_that_is_no_whole_number_is_refused():
    for price in ("1.5", '"5"', "null"):
        try:
            catalogue([TEA], PACK.replace("1450000", price))
        except ValueError:
            continue
        raise AssertionError(price)


def test_a_damaged_table_is_none_and_a_damaged_record_is_not_found():
    place = new_folder()
    writer = TableWriter(place + "/t")
    for n in range(10):
        writer.add(["k%d" % n], ["value", n])
    list(writer.finish())
    with open(place + "/t", "rb") as stream:
        whole = stream.read()

    with open(place + "/t", "wb") as stream:
        stream.write(whole[:-1])
    assert not Table(place + "/t").is_there

    with open(place + "/t", "wb") as stream:
        stream.write(whole.replace(b"value", b"valve"))
    assert Table(place + "/t").find("k3") == []


def test_a_table_finds_every_key_of_a_record():
    place = new_folder()
    writer = TableWriter(place + "/t")
    for n in range(700):
        writer.add(["a%d" % n, "b%d" % n], [n])
    list(writer.finish())

    table = Table(place + "/t")
    assert [table.find("b%d" % n) for n in (0, 1, 255, 256, 699)] == [
        [[n]] for n in (0, 1, 255, 256, 699)
    ]
    assert json.dumps(table.find("c")) == "[]"
