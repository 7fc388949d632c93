"""Fetches catalogue and price list over HTTP, proves them by their hash and takes them up."""

import asyncio
import binascii
import json
import os

from firmware.board.loading import let_go
from firmware.flash.records import read_whole, write_whole
from firmware.flash.table import remove

_NAMES = "/snapshots"
PART = "/part"
_RETRY_MS = 10_000
_SPARE = 32 * 1024
TABLES = {"catalogue": "/products", "pack": "/prices"}
_FOR_TABLES = (
    "firmware.flash.building",
    "firmware.flash.table_writing",
    "firmware.fetched.own_list",
)
_FOR_FILES = "firmware.fetched.fetching"


class SnapshotKeeper:
    """Brings the terminal to the catalogue and the price list that the hub wants it to have."""

    def __init__(self, desk: "Desk", postbox: "Postbox") -> None:
        self._desk = desk
        self._postbox = postbox
        self._refused: set[str] = set()
        kept = read_whole(desk.board.folder + _NAMES)
        postbox.names = json.loads(kept) if kept else {}
        postbox.on_config = desk.board.wake

    async def run(self) -> None:
        """Fetch what differs, whenever the hub says what it wants."""
        board = self._desk.board
        while True:
            try:
                if not self._is_too_large():
                    for kind in ("catalogue", "pack"):
                        await self._bring(kind)
                elif self._desk.journal.shop.get("catalogue"):
                    await self._bring_list()
            except (OSError, ValueError, MemoryError, asyncio.TimeoutError) as error:
                board.say("warning", "snapshot not fetched: %r" % error)
                self._desk.take_up_catalogue()  # tables may be in their place already
                await asyncio.sleep(_RETRY_MS / 1000)
            let_go(_FOR_FILES, *_FOR_TABLES)
            await board.sleep(60_000, "snapshots")

    async def _bring(self, kind: str) -> None:
        wanted = self._desk.journal.shop.get(kind)
        names = self._postbox.names
        if not wanted or wanted["hash"] in self._refused or names.get(kind) == wanted["hash"]:
            return
        folder = self._desk.board.folder
        let_go(*_FOR_TABLES)
        await self._download(wanted)
        let_go(_FOR_FILES)
        from firmware.flash.building import build_prices, build_products

        # The table of products holds less than the snapshot did.
        build = build_products if kind == "catalogue" else build_prices
        try:
            await built(build(folder + PART, folder + TABLES[kind]))
        except ValueError as error:
            self._refuse(wanted["hash"], kind + "_unreadable", str(error))
            return
        finally:
            remove(folder + PART)
        self._take_up({kind: wanted["hash"]})

    def _take_up(self, names: "dict[str, str]") -> None:
        """Use the newest tables, and keep which snapshots they are of."""
        self._desk.take_up_catalogue()
        told = dict(self._postbox.names, **names)
        write_whole(self._desk.board.folder + _NAMES, json.dumps(told).encode())
        self._postbox.names = told
        for kind, digest in names.items():
            self._desk.board.say("catalogue", kind + " " + digest[:12])

    def _is_too_large(self) -> bool:
        """Tell whether the snapshots that are missing need more than the flash has left.

        From a list of the shop's own nothing leads to the whole but both snapshots anew.
        """
        shop, names = self._desk.journal.shop, self._postbox.names
        is_list = self._desk.catalogue.is_bounded
        sizes = [
            shop[kind]["size"]
            for kind in TABLES
            if shop.get(kind) and (is_list or names.get(kind) != shop[kind]["hash"])
        ]
        if sizes and self._desk.board.free_bytes() < 2 * max(sizes) + _SPARE:
            return True
        if is_list and sizes and names.get("catalogue") != shop["catalogue"]["hash"]:
            names["pack"] = ""
        return False

    async def _bring_list(self) -> None:
        from firmware.fetched.own_list import bring_list

        names, secret = self._postbox.names, self._secret()
        taken = await bring_list(self._desk, names, self._refused, secret=secret)
        if taken:
            self._take_up(taken)

    def _secret(self) -> str:
        settings = self._desk.settings
        return (
            binascii.b2a_base64((settings.id + ":" + settings.password).encode()).strip().decode()
        )

    def _refuse(self, digest: str, code: str, text: str) -> None:
        """Say once why something is not taken; what was there before stays."""
        self._refused.add(digest)
        self._desk.remark("alarm", code, text)

    async def _download(self, wanted: "dict[str, Any]") -> None:
        """Fetch a snapshot into a file, going on where it stopped; raises ValueError, OSError."""
        from firmware.fetched.fetching import digest_of, fetch

        path = self._desk.board.folder + PART
        have = _size(path)
        if have > wanted["size"]:
            remove(path)
            have = 0
        if have < wanted["size"]:
            url = self._desk.journal.shop["http"] + "/terminal/v1/snapshots/" + wanted["hash"]
            await fetch(
                self._desk.board,
                url,
                path,
                most=wanted["size"],
                have=have,
                secret=self._secret(),
                ca=self._desk.settings.ca,
            )
        if digest_of(path) != wanted["hash"]:
            remove(path)
            raise ValueError("it came otherwise than its hash says")


async def built(work: "Iterator[int]") -> None:
    """Make tables to their end; scans go on meanwhile. Raises ValueError, OSError."""
    for done in work:
        if done % 16 == 0:
            await asyncio.sleep(0)


def _size(path: str) -> int:
    try:
        return os.stat(path)[6]
    except OSError:
        return 0
