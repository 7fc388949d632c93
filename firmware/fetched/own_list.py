"""Fetches a list of the shop's own where the catalogue is larger than the flash; loaded for it."""

import os

from firmware.fetched.snapshots import PART, TABLES, built
from firmware.flash.table import remove

_SPARE = 96 * 1024
"""Left for orders while a list is made: more than a new order asks for."""
_LEAST = 4 * 1024
_OF_LIST = 4
"""A list is on flash as it came, as its tables with their index, and as the tables before."""
_TOLD = "the flash holds %d kB of it, what the shop orders most; the rest goes by bar code"


async def bring_list(
    desk: "Desk", names: "dict[str, str]", refused: "set[str]", *, secret: str
) -> "dict[str, str] | None":
    """Fetch as much of the catalogue, with prices in it, as the flash holds.

    Gives which snapshots it is of; None where it is here already, or was refused, which is said.
    Raises ValueError, OSError, asyncio.TimeoutError.
    """
    shop, folder = desk.journal.shop, desk.board.folder
    wanted = {kind: shop[kind]["hash"] for kind in TABLES}
    goods = wanted["catalogue"]
    products, prices = folder + TABLES["catalogue"], folder + TABLES["pack"]
    is_here = desk.catalogue.is_there and all(names.get(kind) == wanted[kind] for kind in wanted)
    if goods in refused or is_here:
        return None
    there = _size(products) + _size(prices)
    most = (desk.board.free_bytes() + there - _SPARE) // _OF_LIST
    if most < _LEAST:
        refused.add(goods)
        desk.remark("alarm", "catalogue_too_large", "the flash has no room for a list of it")
        return None
    from firmware.fetched.fetching import fetch
    from firmware.flash.building import build_products

    url = "%s/terminal/v1/lists/%s/%s?most=%d" % (shop["http"], goods, wanted["pack"], most)
    remove(folder + PART)
    try:
        ca = desk.settings.ca
        await fetch(desk.board, url, folder + PART, most=most, secret=secret, ca=ca)
        try:
            await built(build_products(folder + PART, products, prices))
        except ValueError as error:
            refused.add(goods)
            desk.remark("alarm", "catalogue_unreadable", str(error))
            return None
    finally:
        remove(folder + PART)
    desk.remark("warning", "catalogue_bounded", _TOLD % (most // 1024))
    return wanted


def _size(path: str) -> int:
    try:
        return os.stat(path)[6]
    except OSError:
        return 0
