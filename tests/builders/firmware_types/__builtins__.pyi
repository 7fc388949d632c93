# Names of types that stand in the firmware's annotations: MicroPython never looks them up.

from asyncio import StreamReader as StreamReader
from collections.abc import Awaitable as Awaitable
from collections.abc import Callable as Callable
from collections.abc import Iterable as Iterable
from collections.abc import Iterator as Iterator
from collections.abc import Sequence as Sequence
from typing import Any as Any
from typing import BinaryIO as BinaryIO
from typing import TypeAlias

from firmware.app.desk import Desk as Desk
from firmware.app.postbox import Postbox as Postbox
from firmware.app.updater import Updater as Updater
from firmware.board.base import BaseBoard as BaseBoard
from firmware.codes.reading import Read as Read
from firmware.core.order import Currency as Currency
from firmware.core.order import Line as Line
from firmware.core.slip import Heading as Heading
from firmware.core.wire import Down as Down
from firmware.fetched.updates import Manifest as Manifest
from firmware.fetched.updates import Offer as Offer
from firmware.flash.catalogue import Product as Product
from firmware.flash.records import FileSpan as FileSpan
from firmware.flash.records import Pieces as Pieces
from firmware.flash.settings import Settings as Settings
from firmware.flash.stored import Slip as Slip
from firmware.flash.stored import Stored as Stored
from firmware.mqtt.client import Client as Client

Piece: TypeAlias = bytes | bytearray | memoryview
Buffer: TypeAlias = Piece | FileSpan
Part: TypeAlias = Buffer | Pieces
Elements: TypeAlias = tuple[str, int | None, int | None, str]
"""What an element string says: GTIN, count, net weight in grams, batch."""
Report: TypeAlias = tuple[Any, ...]
"""A slip of no order's lines: its kind, and what that kind needs beside it."""
Asked: TypeAlias = tuple[str, str, int, str]
"""A question to the hub: its message, what is asked, until when, and of which product or order."""
