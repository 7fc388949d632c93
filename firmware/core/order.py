"""The order at the counter: what each scan and command does to it, and what the person is told.

Every change is one small event, a list that starts with its name. The journal keeps the events, so
an order that was open at a power cut is made again from them.
"""

from firmware.constants import MAX_COUPONS, MAX_QUANTITY

MAX_LINES = 100
"""Fewer than the wire's: the answer to more does not fit into the memory of a board."""
CANCEL_WITHIN_MS = 10_000

_KEPT_CHANGES = 24
_PIECES = ("", 1)
_MOST_DIGITS = 7
_REMOVED = "removed"
_LAKHS = ("INR", "BDT", "NPR", "PKR", "LKR")


class Line:
    """One product in one unit. `quantity` counts base units, `size` is how many one `unit` holds.

    `price` is that of a base unit in 1/10,000 of the currency, 0 where it is not known here.
    `batch` is the one that is asked for, empty where any will do.
    """

    def __init__(
        self,
        sku: str,
        name: str,
        unit: str = "",
        *,
        size: int = 1,
        price: int = 0,
        batch: str = "",
    ) -> None:
        # One text takes less of a small heap than three.
        self._named = sku + "\n" + batch + "\n" + name
        self.pack = (unit, size) if unit else _PIECES
        self.price = price
        self.quantity = 0

    @property
    def sku(self) -> str:
        """Name the product as the hub does."""
        return self._named.split("\n", 1)[0]

    @property
    def batch(self) -> str:
        """Name the batch that is asked for."""
        return self._named.split("\n", 2)[1]

    @property
    def name(self) -> str:
        """Name the product as people do."""
        return self._named.split("\n", 2)[2]

    def ask_for(self, batch: str) -> None:
        """Have it be of this batch, or of any."""
        self._named = self.sku + "\n" + batch + "\n" + self.name

    @property
    def unit(self) -> str:
        """Name the pack that is counted, empty for base units."""
        return self.pack[0]

    @property
    def size(self) -> int:
        """Tell how many base units the pack holds."""
        return self.pack[1]

    @property
    def said(self) -> str:
        """Say it as a person does: `2 CASE = 48 x Chips, batch B7`."""
        told = "%d x %s" % (self.quantity, self.name)
        if self.unit:
            told = "%d %s = %s" % (self.quantity // self.size, self.unit, told)
        return told + ", batch " + self.batch if self.batch else told


class OpenOrder:
    """The order being scanned.

    `payment` is what somebody chose, empty where the counter's usual one holds.
    `apply` takes an event and raises Refused with what to tell the person. Over no restart are
    kept: whether the last code was not taken; when CANCEL was scanned once; `digits`, which wait
    for ENTER; `read_batch`, which the code scanned last named.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.coupons: list[str] = []
        self.payment = ""
        self._lost = False
        self._cancel_asked_ms = -1
        self.digits = ""
        self.read_batch = ""
        # Each (line, quantity before), (line, quantity, pack before), (line, quantity, pack, batch
        # before), (a word, line removed, its place), a coupon's code, or a list of the payment
        # before.
        self._changes: list[Any] = []

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to throw away."""
        return not self.lines and not self.coupons and not self.payment

    def apply(self, event: "list") -> str:
        """Change the order by one event; gives what to tell, raises Refused and changes nothing."""
        name = event[0]
        if self.digits:
            raise Refused("%s waits for ENTER: scan ENTER, or UNDO" % self.digits)
        if name == "scan":
            return self._scan(event)
        if name == "remove":
            return self._remove(event)
        if name == "repeat":
            return self._repeat(event)
        if name == "coupon":
            return self._show_coupon(event[1])
        if name == "pay":
            return self._pay(event[1])
        if name == "undo":
            return self._undo()
        return self._change_last(event)

    def _change_last(self, event: "list") -> str:
        """Change the line just scanned."""
        if event[0] == "qty":
            return self._set_quantity(event[1])
        if event[0] == "unit":
            return self._set_unit(event[1], event[2])
        if event[0] == "batch":
            return self._set_batch(event[1])
        raise ValueError("no such event")

    def lose(self) -> None:
        """Take note of a code that was not taken: what follows was not meant for a line before."""
        self._lost = True
        self.digits = ""

    def add_digit(self, digit: int) -> str:
        """Add a digit to the quantity that waits for ENTER. Raises Refused."""
        line = self.last()
        if len(self.digits) == _MOST_DIGITS:
            raise Refused(self.digits + ": no more digits fit. Scan ENTER, or UNDO")
        self.digits += str(digit)
        return "%s of %s: scan ENTER" % (self.digits, line.name)

    def enter(self) -> int:
        """Give the quantity that its digits make, which wait no longer. Raises Refused."""
        if not self.digits:
            raise Refused("scan the digits of a quantity first, then ENTER")
        count, self.digits = int(self.digits), ""
        return count

    def ask_cancel(self, mono_ms: int) -> bool:
        """Tell whether the order is to be thrown away: the second time within ten seconds."""
        if self.is_empty:
            raise Refused("there is no order")
        asked, self._cancel_asked_ms = self._cancel_asked_ms, mono_ms
        return asked >= 0 and 0 <= mono_ms - asked <= CANCEL_WITHIN_MS

    def last(self) -> Line:
        """Give the line just scanned; raises Refused where there is none to change."""
        if self._lost:
            raise Refused("the last code was not taken: scan it again")
        for change in reversed(self._changes):
            if isinstance(change, tuple) and change[0] in self.lines:
                return change[0]
        raise Refused("scan a product first")

    def changed(self, event: "list") -> "tuple[Line | None, Line] | None":
        """Give the line that an event would change, as it is and as it would be; changes nothing.

        Of a new line, the first is None; for an event of no line, all is. Raises Refused.
        """
        if event[0] == "scan":
            _, sku, name, unit, size, price, count = event
            before = self._find(sku, unit)
            quantity = (before.quantity if before else 0) + count * size
        elif event[0] in ("qty", "unit"):
            before = self.last()
            sku, name, price, (unit, size) = before.sku, before.name, before.price, before.pack
            count = event[1] if event[0] == "qty" else before.quantity // size
            if event[0] == "unit":
                _, unit, size = event
            quantity = count * size
        else:
            return None
        after = Line(sku, name, unit, size=size, price=before.price if before else price)
        after.quantity = quantity
        return before, after

    def _scan(self, event: "list") -> str:
        _, sku, name, unit, size, price, count = event
        line = self._find(sku, unit)
        quantity = (line.quantity if line else 0) + count * size
        self.lose()
        if quantity > MAX_QUANTITY:
            raise Refused("%d of %s are too many" % (quantity, name))
        if line is None:
            if len(self.lines) >= MAX_LINES:
                raise Refused("the order is full: submit it and begin another")
            line = Line(sku, name, unit, size=size, price=price)
            self.lines.append(line)
        self._lost = False
        self._remember((line, line.quantity))
        line.quantity = quantity
        return line.said

    def _set_quantity(self, count: int) -> str:
        line = self.last()
        if not 1 <= count <= MAX_QUANTITY // line.size:
            raise Refused("a quantity is 1 to %d" % (MAX_QUANTITY // line.size))
        self._remember((line, line.quantity))
        line.quantity = count * line.size
        return line.said

    def _set_unit(self, unit: str, size: int) -> str:
        line = self.last()
        if line.unit == unit:
            raise Refused("it is counted so already: " + line.said)
        if self._find(line.sku, unit, line.batch):
            raise Refused("there is a line of it in this unit: scan it instead")
        quantity = line.quantity // line.size * size
        if quantity > MAX_QUANTITY:
            raise Refused("%d of %s are too many" % (quantity, line.name))
        self._remember((line, line.quantity, line.pack))
        line.pack, line.quantity = (unit, size), quantity
        return line.said

    def _set_batch(self, batch: str) -> str:
        line = self.last()
        if line.batch == batch:
            raise Refused("it is asked for already: " + line.said)
        if self._find(line.sku, line.unit, batch):
            raise Refused("there is a line of this batch: remove one of them")
        self._remember((line, line.quantity, line.pack, line.batch))
        line.ask_for(batch)
        return line.said

    def _remove(self, event: "list") -> str:
        """Take the line of a product away, rather that of the pack which was scanned."""
        _, sku, name, unit = event
        lines = [line for line in self.lines if line.sku == sku]
        if not lines:
            self.lose()
            raise Refused(name + " is not on the order")
        line = ([one for one in lines if one.unit == unit] or lines)[-1]
        self._remember((_REMOVED, line, self.lines.index(line)))
        self.lines.remove(line)
        self._lost = False
        told = "removed: " + line.said
        if len(lines) > 1:
            told += " - it is on %d more lines" % (len(lines) - 1)
        return told

    def _repeat(self, event: "list") -> str:
        """Put the lines of another order on this one, which has none: each is a change."""
        _, number, lines = event
        if self.lines:
            raise Refused("an order is open: SUBMIT or CANCEL it first")
        for sku, name, unit, size, price, quantity in lines[:MAX_LINES]:
            line = self._find(sku, unit)
            if line is None:
                line = Line(sku, name, unit, size=size, price=price)
                self.lines.append(line)
            self._remember((line, line.quantity))
            line.quantity = min(MAX_QUANTITY, line.quantity + quantity)
        self._lost = False
        return "order %s again, %d lines: look, then SUBMIT" % (number, len(self.lines))

    def _show_coupon(self, code: str) -> str:
        if code.upper() in [one.upper() for one in self.coupons]:
            raise Refused("this coupon is with the order already")
        if len(self.coupons) >= MAX_COUPONS:
            raise Refused("an order takes %d coupons" % MAX_COUPONS)
        self.coupons.append(code)
        self._remember(code)
        return "coupon " + code

    def _pay(self, payment: str) -> str:
        if payment != self.payment:
            self._remember([self.payment])
            self.payment = payment
        return "payment: " + payment

    def _undo(self) -> str:
        if not self._changes:
            raise Refused("there is nothing to take back")
        change = self._changes.pop()
        self._lost = False
        if isinstance(change, str):
            self.coupons.remove(change)
            return "taken back: coupon " + change
        if isinstance(change, list):
            self.payment = change[0]
            return "taken back: payment " + (self.payment or "as usual")
        if change[0] == _REMOVED:
            self.lines.insert(change[2], change[1])
            return "taken back: " + change[1].said
        line, line.quantity = change[:2]
        if len(change) > 2:
            line.pack = change[2]
        if len(change) > 3:
            line.ask_for(change[3])
        if line.quantity:
            return "taken back: " + line.said
        self.lines.remove(line)
        return "taken back: " + line.name

    def _find(self, sku: str, unit: str, batch: str = "") -> "Line | None":
        for line in self.lines:
            if line.sku == sku and line.unit == unit and line.batch == batch:
                return line
        return None

    def _remember(self, change: "tuple | list | str") -> None:
        self._changes.append(change)
        if len(self._changes) > _KEPT_CHANGES:
            self._changes.pop(0)


class Refused(Exception):
    """The person is told this, and nothing has changed."""


def order_of(events: "Iterable[list]") -> OpenOrder:
    """Make an order again from its events."""
    order = OpenOrder()
    for event in events:
        try:
            order.apply(event)
        except Refused:
            # It was taken when it was new; software that refuses it now must not lose the others.
            continue
    return order


def wire_lines(lines: "list[Line]") -> "Iterator[dict[str, Any]]":
    """Give lines as the wire has them, one after the other."""
    for number, line in enumerate(lines, 1):
        told = {"line": number, "sku": line.sku, "qty": line.quantity}
        if line.unit:
            told["unit"] = line.unit
        if line.batch:
            told["batch"] = line.batch
        yield told


def gross(line: Line, scale: int) -> int:
    """Give what a line costs before discounts and tax, in the minor unit, rounded half up."""
    unit = 10 ** (4 - scale)
    return (line.price * line.quantity + unit // 2) // unit


class Currency:
    """The one writer of amounts: the currency's name and its decimals."""

    def __init__(self, name: str = "", scale: int = 2) -> None:
        self.name = name
        self.scale = scale

    def amount(self, minor: int) -> str:
        """Write an amount of the minor unit: `-1,23,456.50` of rupees, `-123,456.50` of euros."""
        if minor < 0:
            return "-" + self.amount(-minor)
        major, rest = divmod(minor, 10**self.scale)
        digits = self._grouped(str(major))
        return "%s.%0*d" % (digits, self.scale, rest) if self.scale else digits

    def price(self, price: int) -> str:
        """Write a price of 1/10,000 of the currency, with its decimals or the more it needs."""
        major, rest = divmod(price, 10_000)
        digits = "%04d" % rest
        while len(digits) > self.scale and digits.endswith("0"):
            digits = digits[:-1]
        major = self._grouped(str(major))
        return major + "." + digits if digits else major

    def _grouped(self, digits: str) -> str:
        step = 2 if self.name in _LAKHS else 3
        head, written = digits[:-3], digits[-3:]
        while head:
            head, written = head[:-step], head[-step:] + "," + written
        return written
