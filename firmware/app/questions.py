"""What the counter is asked beside its order: prices, lists, the hub; loaded for each question.

The hub is asked one question at a time, for as long as somebody waits for it.
"""

import json

from firmware.app.postbox import HALTED
from firmware.core.latin import latin
from firmware.core.order import MAX_LINES, Refused
from firmware.core.reading import elements, value_of
from firmware.core.wire import ask_bytes
from firmware.flash.catalogue import UNLISTED, Product
from firmware.flash.records import read_whole
from firmware.flash.settings import FILE, keep_settings
from firmware.flash.stored import NOWHERE

PATIENCE_MS = 10_000

_THEN = {
    "REMOVE": "the product to remove",
    "PRICE": "the product whose price is asked for",
    "PRICE-SLIP": "the product whose price is asked for",
    "STOCK": "the product whose stock is asked for",
    "CANCEL-ORDER": "the number on the slip of the order to cancel",
}


def begin(desk: "Desk", purpose: str) -> str:
    """Say which code comes next; raises Refused where none is to come."""
    if purpose == "REMOVE" and not desk.order.lines:
        raise Refused("the order has no line to remove")
    if purpose == "REMOVE" and desk.order.digits:
        raise Refused("%s waits for ENTER: scan ENTER, or UNDO" % desk.order.digits)
    return "scan " + _THEN[purpose]


def print_report(desk: "Desk", kind: str, *content: "Any") -> str:
    """Have a slip printed that is of no order's lines."""
    desk.copies.append((kind,) + content)
    desk.board.wake()
    return "%d orders wait" % len(desk.outbox) if kind == "STATUS" else kind + " prints"


def ask(desk: "Desk", what: str, about: str = "") -> str:
    """Ask the hub; `about` is a SKU, or the number of an order to cancel. Raises Refused."""
    if desk.card.halted:
        raise Refused(HALTED)
    if not desk.reachable:
        told = ": nothing is cancelled" if what == "cancel" else ""
        raise Refused("the hub is not reached%s, ask again later" % told)
    if desk.asked is not None:
        raise Refused("the hub is asked already: wait a moment")
    envelope = desk.envelope()
    desk.asked = (envelope["id"], what, desk.board.ticks_ms() + PATIENCE_MS, about)
    desk.post("ask", ask_bytes(envelope, what, about))
    if what == "cancel":
        return "the hub is asked to cancel " + latin(about)
    return "the hub is asked for " + what


def ask_to_cancel(desk: "Desk", read: "Read") -> str:
    """Ask the hub to cancel the order of a slip. Raises Refused."""
    stored = desk.journal.by_number(read.code)
    if read.kind == "product":
        raise Refused("this is a product: nothing is cancelled")
    if stored is not None and stored.is_waiting:
        raise Refused("the hub has not answered it yet: cancel it after that")
    return ask(desk, "cancel", stored.number if stored is not None else read.code)


def give_up(desk: "Desk") -> None:
    """Say that no reply came; what was not even sent is not sent any more."""
    if desk.asked is None:
        return
    message, what, _, about = desk.asked
    unsent = [one for one in desk.remarks if message.encode() in one[1]]
    told = "the hub did not answer: ask again"
    if unsent:
        desk.remarks.remove(unsent[0])
        told = "the hub was not reached: ask again later"
    elif what == "cancel":
        told = "the hub did not answer: it may be cancelled or not. A slip says so if it is"
    desk.board.say("error", told)
    print_report(desk, "TOLD", "NO ANSWER", about or what, [told])
    desk.asked = None  # last: what found no memory is said another time


def replied(desk: "Desk", message: "Down") -> None:
    """Say what came back, on paper: a board has no screen. Raises ValueError.

    Of an order that is cancelled there is a notice, which prints by itself.
    """
    what, why = message.text("what"), message.value("refused")
    if what not in ("cancel", "stock", "account"):
        raise ValueError("a reply to no question of this terminal")
    asked = desk.asked
    in_time = asked is not None and asked[0] == message.ref
    about = asked[3] if asked is not None and in_time else ""
    if what == "cancel":
        _tell_cancelled(desk, message.text("order") or about, why)
    elif not in_time:
        desk.board.say("warning", "a reply that nobody waits for")
    elif why is not None:
        desk.board.say("error", "the hub says no: " + latin(why["text"]))
        print_report(desk, "TOLD", "NOT TOLD", about or what, [why["text"]])
    elif what == "stock":
        desk.board.say("done", "%d available" % message.count("available"))
        print_report(desk, "GOODS", about, message.count("available"))
    else:
        account = message.value("account")
        int(account["exposure"] + account["overdue"] + account["scale"] + account["bills"])
        desk.board.say("done", "the account prints")
        print_report(desk, "ACCOUNT", account)
    if in_time:
        desk.asked = None  # last: a reply that found no memory comes again


def repeated(desk: "Desk") -> list:
    """Give the event that is the order sent last, as it can be had today. Raises Refused."""
    asked = [one for one in desk.journal.orders if one.seq and one.asked != NOWHERE]
    if not asked:
        raise Refused("no order was sent from here yet, or none that is still known")
    newest = max(asked, key=lambda one: one.seq)
    shown, lines, gone = desk.journal.shown(newest), [], []
    for span in elements(shown, 0):
        sku, name, unit, size, _, quantity = value_of(shown, span)[:6]
        product = desk.catalogue.find(sku)
        if name == UNLISTED and product is None and desk.catalogue.is_bounded:
            product = Product([sku, UNLISTED, "", {}, {}], sku)
        if product is None:
            gone.append(name)
            continue
        # A pack that holds another count today comes by the piece.
        size = product.sizes.get(unit, 0)
        if not size or quantity % size:
            unit, size = "", 1
        lines.append([sku, product.name[:60], unit, size, product.price, quantity])
    if not lines:
        raise Refused("nothing of order %s is sold any more" % newest.number)
    if gone:
        missing = ["not sold any more: " + latin(name) for name in gone[:MAX_LINES]]
        print_report(desk, "TOLD", "LEFT OUT", newest.number, missing)
    return ["repeat", newest.number, lines]


def keep_columns(desk: "Desk", columns: int) -> str:
    """Print so many columns from now on, and show it on paper. Raises OSError."""
    folder = desk.board.folder
    written = read_whole(folder + FILE)
    told = json.loads(written) if written else {}
    desk.settings = keep_settings(folder, dict(told, columns=columns))
    print_report(desk, "TEST")
    return "%d columns from now on; a test slip prints" % columns


def _tell_cancelled(desk: "Desk", number: str, why: "dict | None") -> None:
    if why is None:
        desk.board.say("done", number + " is cancelled")
        return
    desk.board.say("error", "%s is not cancelled: %s" % (number, latin(why["text"])))
    print_report(desk, "TOLD", "NOT CANCELLED", number, [why["text"]])
