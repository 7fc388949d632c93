"""The terminal's mail: orders out until they are answered, answers in, each taken once."""

import json
import os

from firmware.constants import HUB_STATUS, USUAL_QUANTITY
from firmware.core.outbox import packet_id
from firmware.core.wire import (
    ack_bytes,
    counter_hash,
    facts_hash,
    order_number,
    read_down,
    renumbered,
    status_bytes,
    topic,
)
from firmware.flash.records import Pieces

SOFTWARE = "orderwire firmware 1"
_ARRIVED = ("order_delivered", "order_delivered_part")
"""Reasons of a notice by which an order is no longer on its way."""
_QUIET = {
    "no_invoices": ("order_billed_by",),
    "changes": ("order_billed_by", "order_dispatched", "order_delivered"),
}
"""Reasons of notices that do not print by themselves, by which of them do."""
HALTED = "another machine runs as this terminal: this one takes no orders until it is enrolled anew"
_UNTOLD = "0" * 64
"""The name of no word of the hub on payments: until it has said one, it is to say it."""
_COPIED = "another machine ran as this terminal, and the hub has halted it"


class Postbox:
    """Sends what waits and takes in what comes; `on_config` is called for each configuration."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.on_config: Callable[[], None] | None = None
        self.names: dict[str, str] = {}

    def status(self, state: str) -> bytes:
        """Say how the terminal is; without `leases`: schemes are left to the answers.

        Nor does it say what it keeps: it gives nothing back to a hub that has forgotten; nor
        `cards`: it knows neither operators nor other customers.
        """
        desk = self._desk
        journal = desk.journal
        told = {
            "state": state,
            "queued": len(desk.outbox),
            "oldest_ms": 0,
            "printer": desk.printer,
            "slips_waiting": journal.count_slips(),
            "catalogue": self.names.get("catalogue"),
            "pack": self.names.get("pack"),
            "facts": journal.shop.get("facts"),
            "software": SOFTWARE,
            "pack_reason": None,
            "leases": None,
            "language": "en",
            "card": desk.card.id,
            "numbered_to": journal.last_seq,
            "kept": None,
            "start": desk.start,
            "halted": desk.card.halted,
            "pack_version": None,
            "counter": journal.shop.get("counter", _UNTOLD),
            "cards": None,
            "update": desk.software.said(),
            "diagnoses": False,
            "rotates": False,
        }
        return status_bytes(desk.envelope(), told)

    async def send_due(self, client: "Client") -> None:
        """Send what is due now. Raises LinkError."""
        desk = self._desk
        while desk.remarks:
            told = desk.remarks[0]
            await client.publish(topic(desk.settings.id, "up", told[0]), told[1])
            if desk.remarks and desk.remarks[0] is told:  # it may have been dropped meanwhile
                desk.remarks.pop(0)
        if not desk.hub_there:
            return
        for one in desk.outbox.due(desk.board.ticks_ms()):
            stored = desk.journal.by_seq(one.seq)
            if stored is None or not stored.is_waiting:
                desk.outbox.remove(one.seq)
                continue
            # Put off before it is sent: the answer may come while it is written.
            one.was_sent(desk.board.ticks_ms(), os.urandom(1)[0])
            where = topic(desk.settings.id, "up", "order")
            await client.publish(where, desk.journal.payload(stored), packet_id=packet_id(one.seq))

    def deliver(self, where: str, payload: "Buffer", whole: bool) -> None:
        """Take in one message of the hub; raises OSError where it could not be stored."""
        desk = self._desk
        try:
            message = read_down(payload, whole=whole)
            if message.kind == "hub_status":
                self._hub_is(where == HUB_STATUS and message.text("state") == "online")
            elif message.term == desk.settings.id:
                desk.clock.learn(message.at_ms, desk.board.ticks_ms())
                self._take(message, whole)
            else:
                desk.remark("warning", "message_misdirected", "it is for " + message.term)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            desk.remark("warning", "message_unreadable", "%s: %s" % (where, error))

    def _take(self, message: "Down", whole: bool) -> None:
        if message.kind == "answer":
            self._decided(message, "answer" if whole else "short")
        elif message.kind == "notice":
            self._decided(message, "notice" if whole else "short")
        elif message.kind == "refused":
            self._refused(message)
        elif message.kind == "halt":
            self._halt(message)
        elif message.kind == "reply":
            self._replied(message)
        elif whole:
            self._configured(message)

    def _decided(self, message: "Down", kind: str) -> None:
        desk = self._desk
        order, revision = message.text("order"), message.count("revision")
        status = message.text("status")
        if not order or not status or status == "queued":
            raise ValueError("a decision on nothing")
        stored = desk.journal.by_id(order)
        if stored is None and desk.card.halted:
            return  # the other machine's, which has to hear of it itself
        number = message.text("number")
        if stored is None and message.kind == "answer" and self._was_made_here(number):
            # Answered so long ago that it is not known here; a slip of it was printed then.
            desk.remark("warning", "answer_unknown", "an answer of an order not known", order=order)
        else:
            self._number_above(number)
            head = {"order": order, "number": number, "revision": revision}
            self._keep(dict(head, status=status, kind=kind), message)
        # Stored by now, or long ago: the hub need not say it again.
        desk.post("ack", ack_bytes(desk.envelope(ref=message.id), order, revision))

    def _own_number(self, number: str) -> int:
        """Give the sequence in a number of this terminal's, of whatever flash; else 0."""
        own = self._desk.settings.id + "-"
        ours = number.startswith(own) and number[len(own) :].isdigit()
        return int(number[len(own) :]) if ours else 0

    def _was_made_here(self, number: str) -> bool:
        """Tell whether a number was used on this flash: none up to what the hub had before was."""
        journal = self._desk.journal
        return journal.unused_to < self._own_number(number) <= journal.last_seq

    def _number_above(self, number: str) -> None:
        """Use no number again that the hub has an order of ours under: an older flash knew less."""
        seq = self._own_number(number)
        if seq:
            self._desk.journal.number_above(seq)

    def _refused(self, message: "Down") -> None:
        desk = self._desk
        stored = desk.journal.by_id(message.text("order")) or self._by_message(message.ref)
        desk.board.say("warning", "the hub refused a message: " + message.text("text"))
        if stored is None or not stored.is_waiting:
            return
        to, code = message.count("numbered_to"), message.text("code")
        if to and code == "sequence_conflict":
            # The refusal may come more than once: only the message that it is of is numbered anew.
            if desk.journal.asked(stored)["id"] == message.ref:
                self._renumber(stored, to)
            return
        head = {"order": stored.order, "number": stored.number, "revision": 0}
        self._keep(dict(head, status="refused", kind="refused"), message)

    def _renumber(self, stored: "Stored", above: int) -> None:
        """Send an order under the next free number: the hub has another one under its own."""
        desk, old = self._desk, stored.seq
        before = stored.number
        desk.journal.number_above(above)
        seq = desk.journal.next_seq
        number, envelope = order_number(desk.settings.id, seq), desk.envelope(seq=seq)
        written = desk.journal.payload(stored)
        payload = Pieces(lambda: renumbered(written, envelope, number))
        head = dict(desk.journal.asked(stored), seq=seq, number=number, id=envelope["id"])
        desk.journal.renumber(head, payload, shown=desk.journal.shown(stored))
        desk.outbox.remove(old)
        desk.outbox.add(seq)
        if old in desk.queued_due:
            desk.queued_due[seq] = desk.queued_due.pop(old)
        told = "order %s is now %s: its number is another order's" % (before, number)
        desk.remark("warning", "order_renumbered", told, order=stored.order)

    def _halt(self, message: "Down") -> None:
        """Stop selling where this start is named; else take note that another machine had to."""
        desk = self._desk
        if desk.start in (message.value("starts") or ()):
            desk.card.halt()
            desk.board.say("error", HALTED)
        else:
            desk.board.say("warning", _COPIED)
        desk.board.wake()

    def _replied(self, message: "Down") -> None:
        from firmware.app.questions import replied

        replied(self._desk, message)

    def _by_message(self, message_id: str) -> "Stored | None":
        for stored in self._desk.journal.orders:
            if stored.is_waiting and self._desk.journal.asked(stored)["id"] == message_id:
                return stored
        return None

    def _keep(self, head: dict, message: "Down") -> None:
        desk = self._desk
        told = dict(head, at=message.at_ms)
        if head["kind"] == "notice":  # of a cut one it is not known
            told["arrived"] = any(one["code"] in _ARRIVED for one in message.value("reasons") or ())
        taken = desk.journal.take(told, message.payload)
        stored = desk.journal.by_id(head["order"])
        slip = stored.slip if stored is not None else None
        if stored is not None:
            desk.outbox.remove(stored.seq)
            desk.queued_due.pop(stored.seq, None)
        if taken:
            desk.tell_waiting()
            desk.board.say("answer", head["number"] + " " + head["status"])
            if head["kind"] == "notice" and slip is not None and self._is_quiet(message):
                desk.journal.slip_became(slip, "printed")  # there for a copy
        desk.board.wake()

    def _is_quiet(self, message: "Down") -> bool:
        """Tell whether a notice prints only for who asks; what was decided again always prints."""
        quiet = _QUIET.get(str(self._desk.journal.shop.get("notices")), ())
        told = [one["code"] for one in message.value("reasons") or ()]
        loud = [code for code in told if code not in quiet]
        return bool(told) and not loud and "decision" not in message.data

    def _configured(self, message: "Down") -> None:
        customer = message.value("customer")
        payments = message.value("payments") or []
        most = message.value("ask_quantity")
        bounds = [USUAL_QUANTITY if most is None else most, message.count("ask_amount")]
        notices = message.text("notices")
        shop = {
            "distributor": message.text("distributor"),
            "support": message.text("support"),
            "customer": "%s (%s)" % (customer["name"], customer["id"]),
            "customer_id": customer["id"],
            "facts": facts_hash(customer),
            "http": message.text("http"),
            "catalogue": message.value("catalogue"),
            "pack": {name: message.value("pack")[name] for name in ("hash", "size")},
            "payments": payments,
            "bounds": bounds,
            "notices": notices,
            "gstin": message.text("gstin"),
            "customer_gstin": message.text("customer_gstin"),
            "counter": counter_hash(payments, *bounds, notices=notices),
        }
        self._desk.journal.keep_shop(json.loads(json.dumps(shop)))
        self._desk.journal.number_above(message.count("numbered_to"))
        if self.on_config is not None:
            self.on_config()
        # Last: what is no offer is told as such, and keeps nothing else back.
        self._desk.software.want(message.value("software"))

    def _hub_is(self, there: bool) -> None:
        desk = self._desk
        if there and not desk.hub_there:
            desk.outbox.all_due()
        desk.hub_there = there
        desk.board.wake()
