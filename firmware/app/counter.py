"""The counter: every code that is scanned, from look-up to a stored order."""

from firmware.app.postbox import HALTED
from firmware.codes.reading import PAYMENTS, THEN_A_CODE, read_code, typed
from firmware.constants import MAX_UP_BYTES, USUAL_QUANTITY
from firmware.core.latin import latin
from firmware.core.order import Currency, Refused, gross, wire_lines
from firmware.core.wire import order_number, order_pieces
from firmware.core.writing import written
from firmware.flash.catalogue import UNLISTED, Product
from firmware.flash.records import Pieces

_THEN_WITHIN_MS = 20_000
_IDLE_MS = 10 * 60_000
_ASKING = ("BALANCE", "COLUMNS")
_PRINTED = ("STATUS", "OPEN", "LAST", "HELP", "TEST", "RULER", "SHEET")
_LONGEST_NAME = 60
_ONCE_MORE = ": scan it once more if it is meant"
_SPARE_BYTES = 48 * 1024
_PRICE_UNUSED = " - counted as one; the price on its label is not used"


class Counter:
    """Handles one code after the other; what it says was done is on flash by then."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._awaited = ""
        self._awaited_ms = 0
        self._code = ""
        self._doubted = ""
        self._is_sure = False
        self._asked = []  # SKU and question of what is not on the order, the newest last
        self._scanned_ms = 0
        self._was_full = False

    def greet(self) -> None:
        """Say where the counter stands after a start."""
        desk = self._desk
        lines = len(desk.order.lines)
        if lines:
            desk.board.say("ok", "started again: the order has %d lines" % lines)
        elif desk.card.halted:
            desk.board.say("error", HALTED)
        elif not desk.catalogue.is_there:
            desk.board.say("error", "no catalogue yet: waiting for the hub")
        else:
            desk.board.say("ok", "ready")

    def handle(self, raw: str) -> None:
        """Take one code; never raises for what was scanned."""
        was_full, self._was_full = self._was_full, False
        try:
            tone, told = self._json(raw) if raw.startswith("{") else self._handled(typed(raw))
        except Refused as error:
            tone, told = "error", str(error)
        except (OSError, MemoryError) as error:
            # Whether it was stored is only known by looking; the order shown then is what is true.
            self._desk.reload()
            if was_full:
                raise  # twice in a row: a new start is the way out
            self._was_full = isinstance(error, MemoryError)
            tone, told = "error", "it may not be stored (%r): look at the order" % error
        self._desk.board.say(tone, told)

    def _handled(self, code: str) -> "tuple[str, str]":
        read, desk = read_code(code), self._desk
        now_ms = desk.board.ticks_ms()
        if desk.order.is_empty and now_ms - self._scanned_ms >= _IDLE_MS:
            self._asked, self._doubted = [], ""  # who was asked has left
        self._scanned_ms = now_ms
        self._code, self._is_sure, self._doubted = code, code == self._doubted, ""
        awaited = self._awaited
        if read.kind != "bad":
            self._awaited = ""  # a misread code is scanned once more
        if read.kind in ("product", "other") and awaited:
            return self._awaited_came(awaited, read)
        if desk.card.halted and read.kind in ("product", "other", "SUBMIT"):
            raise Refused(HALTED)
        if read.kind in ("product", "other"):
            return self._look_up(read)
        if read.kind == "SUBMIT":
            if self._asked and not self._is_sure:
                self._doubted = code
                raise Refused("not sent: %s, UNDO if not, or SUBMIT again" % self._asked[-1][1])
            self._asked = []
            return self._submit()
        return self._commanded(read)

    def _commanded(self, read: "Read") -> "tuple[str, str]":
        desk = self._desk
        if read.kind == "CANCEL":
            if not desk.order.ask_cancel(desk.board.ticks_ms()):
                return "ok", "scan CANCEL again to throw the order away"
            desk.journal.clear()
            desk.reload()
            self._asked = []
            return "done", "the order was thrown away"
        if read.kind == "REPRINT":
            return self._reprint(desk.journal.newest)
        if read.kind == "UNDO" and desk.order.digits:
            digits, desk.order.digits = desk.order.digits, ""
            return "ok", "taken back: " + digits
        if read.kind == "UNDO" and self._asked:
            return "ok", "taken back: " + self._asked.pop()[1].split("?")[0]
        if read.kind == "DIGIT":
            return "ok", desk.order.add_digit(read.quantity)
        if read.kind in THEN_A_CODE or read.kind in _PRINTED or read.kind in _ASKING:
            return "ok", self._ask(read)
        return self._apply(self._event_of(read))

    def _ask(self, read: "Read") -> str:
        """Do what does not change the order by itself."""
        from firmware.app import questions

        desk = self._desk
        if read.kind in THEN_A_CODE:
            told = questions.begin(desk, read.kind)
            self._awaited, self._awaited_ms = read.kind, desk.board.ticks_ms()
            return told
        if read.kind == "BALANCE":
            return questions.ask(desk, "account")
        if read.kind == "COLUMNS":
            return questions.keep_columns(desk, read.quantity)
        return questions.print_report(desk, read.kind)

    def _awaited_came(self, purpose: str, read: "Read") -> "tuple[str, str]":
        """Take the code that a command before it asked for; a late one may be meant otherwise."""
        from firmware.app import questions

        desk = self._desk
        if desk.board.ticks_ms() - self._awaited_ms > _THEN_WITHIN_MS:
            desk.order.lose()
            raise Refused("too late: scan OW-%s and then the code again" % purpose)
        if purpose == "CANCEL-ORDER":
            return "ok", questions.ask_to_cancel(desk, read)
        # Misread, the product that comes next is still meant, and not to be ordered.
        self._awaited = purpose
        product = self._found(read)[0]
        copied = self._unknown(read) if product is None else ("", "")
        self._awaited = ""
        if product is None:
            return copied
        if purpose == "REMOVE":
            return self._apply(["remove", product.sku, product.name[:_LONGEST_NAME], product.unit])
        if purpose == "STOCK":
            return "ok", questions.ask(desk, "stock", product.sku)
        return "ok", questions.print_report(desk, "GOODS", product.sku, None)

    def _see_that_it_is_usual(self, event: "list") -> None:
        """Ask once more for what makes a line or the sum unusual; the same code again is meant.

        Of a line its count in its own unit is looked at, of grams 1,000 as one.
        """
        desk = self._desk
        changed = None if self._is_sure else desk.order.changed(event)
        if changed is None:
            return
        before, after = changed
        most, most_amount = desk.journal.shop.get("bounds") or (USUAL_QUANTITY, 0)
        was = before.quantity // before.size if before and before.unit == after.unit else 0
        count = after.quantity // after.size
        if count > most > 0 and not after.unit:
            product = desk.catalogue.find(after.sku)
            if product is not None and product.base_unit.upper() in ("G", "GM", "GRAM"):
                most *= 1000
        if _passes(was, count, most):
            told = (count, latin(after.name), most)
            self._doubt(event, after.sku, "%d of %s? more than %d" % told)
        if most_amount:
            scale = desk.settings.scale
            sum_before = sum([gross(line, scale) for line in desk.order.lines])
            amount = sum_before + gross(after, scale) - (gross(before, scale) if before else 0)
            if _passes(sum_before, amount, most_amount):
                currency = Currency(desk.settings.currency, scale)
                told = (currency.amount(amount), currency.amount(most_amount))
                self._doubt(event, after.sku, "the order comes to %s? more than %s" % told)

    def _doubt(self, event: "list", sku: str, told: str) -> None:
        """Refuse a code until it comes again at once; its question stands until it is settled."""
        self._doubted = self._code
        self._asked = [one for one in self._asked if one[0] != sku] + [(sku, told + _ONCE_MORE)]
        if event[0] == "scan":
            self._desk.order.lose()
        raise Refused(told + _ONCE_MORE)

    def _json(self, raw: str) -> "tuple[str, str]":
        from firmware.app.claims import claimed

        return claimed(self._desk, raw)

    def _event_of(self, read: "Read") -> "list":
        if read.kind == "bad":
            self._desk.order.lose()
            raise Refused(read.why)
        if read.kind == "QTY":
            return ["qty", read.quantity]
        if read.kind == "UNIT":
            return self._unit(read.code)
        if read.kind == "COUPON":
            return ["coupon", read.code]
        if read.kind == "ENTER":
            return ["qty", self._desk.order.enter()]
        if read.kind == "BATCH":
            return self._batch(read.code or self._desk.order.read_batch)
        if read.kind == "REPEAT":
            from firmware.app.questions import repeated

            return repeated(self._desk)
        if read.kind in PAYMENTS:
            return self._payment(read.kind.lower())
        return ["undo"]

    def _payment(self, payment: str) -> "list":
        accepted = self._desk.payments
        if payment not in accepted:
            raise Refused("%s is not taken here, but %s" % (payment, ", ".join(accepted)))
        return ["pay", payment]

    def _batch(self, name: str) -> "list":
        if not name:
            raise Refused(
                "the code just scanned names no batch: scan the one on the pack that has it"
            )
        return ["batch", name]

    def _unit(self, name: str) -> "list":
        line = self._desk.order.last()
        product = self._desk.catalogue.find(line.sku)
        if product is None:
            raise Refused("this product is not in the catalogue any more")
        for unit, size in product.sizes.items():
            if unit.upper() == name.upper():
                return ["unit", unit, size]
        if name.upper() == product.base_unit.upper():
            return ["unit", "", 1]
        raise Refused("it comes in " + ", ".join(list(product.sizes) + [product.base_unit]))

    def _look_up(self, read: "Read") -> "tuple[str, str]":
        desk = self._desk
        product, measures, amount = self._found(read)
        if product is not None:
            name = product.name[:_LONGEST_NAME]
            count = read.quantity
            if measures:
                count *= self._counted(product, measures, amount)
            event = ["scan", product.sku, name, product.unit, product.size, product.price]
            tone, told = self._apply(event + [count])
            desk.order.read_batch = read.batch
            if product.name == UNLISTED:
                told += ": the hub says what %s is and costs" % read.code
            return tone, told + (_PRICE_UNUSED if measures == "price" else "")
        return self._unknown(read)

    def _unknown(self, read: "Read") -> "tuple[str, str]":
        """Print a copy where a code is an order's number; else raise Refused."""
        desk = self._desk
        stored = desk.journal.by_number(read.code)
        if stored is not None:
            return self._reprint(stored.slip)
        desk.order.lose()
        if not desk.catalogue.is_there:
            raise Refused("no catalogue yet: waiting for the hub")
        raise Refused(
            "not in the catalogue: " + latin(read.code) + (" " + read.why if read.why else "")
        )

    def _found(self, read: "Read") -> "tuple[Product | None, str, int]":
        """Find a product, and what its code measures: nothing, a `weight`, a `price`, a `count`.

        A code that is in the catalogue as it is needs no table of own prefixes.
        """
        catalogue = self._desk.catalogue
        product = catalogue.find(read.code)
        if read.kind == "other":
            return product or catalogue.find(read.code.upper()), "", 0
        other = catalogue.find(read.instead) if read.instead else None
        if product is not None and other is not None and product.sku != other.sku:
            self._desk.order.lose()
            told = (read.code, product.name, other.name)
            raise Refused("%s is %s or %s: scan another code on it" % told)
        if product is None and other is None and read.code[:2] in ("00", "02"):
            from firmware.codes.own import read_own

            own = read_own(read.code, catalogue.own_prefixes())
            return (catalogue.find(own[0]), own[1], own[2]) if own else (None, "", 0)
        if product is None and other is None and catalogue.is_bounded:
            # Ordered by its bar code: the hub knows which product that is, and what it costs.
            return Product([read.code, UNLISTED, "", {}, {}], read.code), "", 0
        return product or other, "" if read.grams is None else "weight", read.grams or 0

    def _counted(self, product: "Product", measures: str, amount: int) -> int:
        """Count what a code measures in the product's base unit."""
        from firmware.codes.own import counted

        count = counted(measures, amount, product.base_unit)
        if not count:
            self._desk.order.lose()
            told = (product.name, product.base_unit, amount, "g" if measures == "weight" else "")
            raise Refused("%s is counted in %s, not %d %s: scan its own code" % told)
        return count

    def _apply(self, event: "list") -> "tuple[str, str]":
        desk = self._desk
        if event[0] not in ("qty", "unit", "batch"):
            desk.order.read_batch = ""
        if desk.order.is_empty and event[0] != "undo":
            self._see_room()
        self._see_that_it_is_usual(event)
        is_answer = event[0] == "scan" and self._is_sure
        settled = event[1] if is_answer or event[0] == "remove" else None
        if event[0] in ("qty", "unit", "batch"):
            settled = desk.order.last().sku
        told = desk.order.apply(event)
        self._asked = [one for one in self._asked if one[0] != settled]
        desk.journal.keep_event(event)
        return "ok", latin(told)

    def _see_room(self) -> None:
        """Refuse a new order where its answer might find no room."""
        if self._desk.board.free_bytes() < _SPARE_BYTES + self._desk.journal.size // 2:
            raise Refused("the flash is full: orders wait for the hub, no new one can be stored")

    def _submit(self) -> "tuple[str, str]":
        desk = self._desk
        if not desk.order.lines:
            raise Refused("there is nothing to submit")
        if desk.order.digits:
            raise Refused("%s waits for ENTER: scan ENTER, or UNDO" % desk.order.digits)
        if not desk.journal.shop.get("customer_id"):
            raise Refused("the hub was not heard yet: it is not known whose order this is")
        payment = self._payment(desk.order.payment or desk.payments[0])[1]
        seq = desk.journal.next_seq
        number = order_number(desk.settings.id, seq)
        order_id = desk.new_id()
        envelope = desk.envelope(seq=seq)
        order = self._frozen(order_id, number, envelope["at"])
        order["payment"] = payment
        payload = Pieces(
            lambda: order_pieces(envelope, dict(order, lines=wire_lines(desk.order.lines)))
        )
        if len(payload) > MAX_UP_BYTES:
            raise Refused("the order is too large")
        head = {"seq": seq, "order": order_id, "number": number, "id": envelope["id"]}
        head["payment"] = payment
        desk.journal.submit(head, payload, shown=Pieces(lambda: _shown(desk.order.lines)))
        desk.order = type(desk.order)()
        desk.outbox.add(seq)
        desk.tell_waiting()
        wait = desk.settings.queued_after_ms if desk.reachable else 0
        desk.queued_due[seq] = desk.board.ticks_ms() + wait
        desk.board.wake()
        return "done", "stored " + number

    def _frozen(self, order_id: str, number: str, at_ms: int) -> "dict[str, Any]":
        desk = self._desk
        return {
            "order": order_id,
            "number": number,
            "customer": desk.journal.shop["customer_id"],
            "operator": "",
            "coupons": desk.order.coupons,
            "choices": (),
            "quote": None,
            "captured_at": at_ms,
            "mono_ms": desk.board.ticks_ms(),
            "clock_trusted": desk.clock.is_trusted,
        }

    def _reprint(self, slip: "Slip | None") -> "tuple[str, str]":
        if slip is None:
            raise Refused("there is no slip to print again")
        self._desk.copies.append(slip)
        self._desk.board.wake()
        return "ok", "a copy is printed"


def _passes(before: int, after: int, most: int) -> bool:
    """Tell whether something passes its bound, or becomes more than twice what was above it.

    With a bound of 1,000: from 990 to 1,200 does, from 1,200 to 1,300 does not, to 2,500 does.
    A bound of 0 is none.
    """
    return 0 < most < after and (before <= most or after > 2 * before)


def _shown(lines: "list[Line]") -> "Iterator[bytes]":
    """Write what the slip QUEUED says of each line; the wire does not carry all of it."""
    for one in lines:
        told = [one.sku, one.name, one.unit, one.size, one.price, one.quantity, one.batch]
        yield (b"," if one is not lines[0] else b"[") + written(told)
    yield b"]"
