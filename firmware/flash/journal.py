"""Everything the terminal must not forget: the open order, the outbox, answers, slips, numbers.

One file of records. A submitted order is its outbox: storing it empties the counter in the same
record. Storing an answer frees the outbox and spools its slip in the same record. So a power cut at
any point loses nothing, sends nothing twice under another name and prints nothing twice.
"""

import json
from array import array

from firmware.flash.records import FileSpan, RecordFile, read_whole, write_whole
from firmware.flash.stored import NOWHERE, Slip, Stored, told_slip

KEPT_ANSWERS = 8
"""So many answered orders can be printed again."""
KEPT_NUMBERS = 24
"""Of so many answered orders it is known which revision was taken."""
SEQS_RESERVED = 32
SENDABLE = 16
"""So many of the oldest waiting orders are in memory, and as many as need their slip."""
PRINTABLE = 8
"""So many slips of answers are in memory; the places of the others are."""

_FARTHEST = 9_007_199_244_740_991
"""The wire takes ten million numbers more."""
_ID_LENGTH = 36
_SPARE = 48 * 1024
_NO_PLACES = array("i")
"""Put in the place of some, it takes them away and needs no memory."""
_TOLD = "told"
_EVENT, _CLEARED, _ORDER, _ANSWER, _SLIP, _NUMBER, _SHOP, _BOOT, _MOVED = "EXOASRCBM"


class Journal:
    """The terminal's records in a folder; every method that changes them is on flash when it ends.

    After an OSError or a MemoryError the truth is what is on flash: until `load` has read it,
    nothing is found and nothing written, which would leave out what memory lost. `alarms` are the
    codes of what was found wrong at the start. Up to the number `unused_to` there may be none of an
    order.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._file = RecordFile(folder + "/journal")
        self.alarms: list[str] = []
        self.load()

    @property
    def size(self) -> int:
        """Give the journal's length in bytes."""
        return self._file.size

    @property
    def written(self) -> int:
        """Count the bytes appended since the start."""
        return self._file.written

    @property
    def next_seq(self) -> int:
        """Give the number of the next order."""
        return self.last_seq + 1

    def begin(self, at_ms: int) -> None:
        """Count a start of the terminal, and give up slips that may be in the printer."""
        self.alarms += ["print_unknown" for _ in self.give_up()]
        self._append(_BOOT, {"boot": self.boot + 1, "at": at_ms})
        if self._reserved <= self.last_seq:
            self._reserve()

    def waiting(self) -> "Iterator[int]":
        """Give the sequences of orders without an answer, the lowest first: those written first."""
        self._see_sound()
        folded = 0
        for one in self.orders:
            if one.is_waiting:
                while folded < len(self._folded) and self._folded[folded] < one.asked[0]:
                    yield self._head_at(self._folded[folded])["seq"]
                    folded += 1
                yield one.seq
        for place in self._folded[folded:]:
            yield self._head_at(place)["seq"]

    def by_seq(self, seq: int) -> "Stored | None":
        """Find an order by its sequence."""
        self._see_sound()
        return self._find("seq", seq)

    def by_id(self, order: str) -> "Stored | None":
        """Find an order by its id."""
        self._see_sound()
        return self._find("order", order)

    def by_number(self, number: str) -> "Stored | None":
        """Find an order by what stands on its slip: its number, or its id in the square code."""
        self._see_sound()
        found = self._find("number", number)
        return self._find("order", number) if not found and len(number) == _ID_LENGTH else found

    def payload(self, stored: Stored) -> FileSpan:
        """Give the bytes to send, the same ones each time; they stay on flash."""
        return self._after_head(stored.asked, self.asked(stored).get("shown", 0))

    def asked(self, stored: Stored) -> dict:
        """Give what was kept of an order beside its bytes and its lines."""
        return json.loads(self._file.head(*stored.asked))

    def shown(self, stored: Stored) -> FileSpan:
        """Give the lines as the slip QUEUED says them, which stay on flash."""
        at, length = stored.asked
        line = self._file.head(at, length)
        return FileSpan(self._file.path, at + len(line) + 1, json.loads(line).get("shown", 0))

    def answer(self, stored: Stored) -> FileSpan:
        """Give the bytes of the newest answer or notice, which stay on flash."""
        return self._after_head(stored.answer, 0)

    @property
    def events(self) -> "Iterator[list]":
        """Read the changes of the open order, the oldest first: never all of them at once."""
        for place in self._events:
            yield self._head_at(place)["event"]

    def keep_event(self, event: "list") -> None:
        """Keep a change of the open order."""
        self._append(_EVENT, {"event": event})

    def clear(self) -> None:
        """Keep that the open order was thrown away."""
        self._append(_CLEARED, {})

    def submit(self, head: dict, payload: "Part", *, shown: "Part" = b"") -> Stored:
        """Keep an order under the next number; `head` has seq, order, number and id.

        `shown` are its lines as the slip QUEUED says them.
        """
        if head["seq"] > self._reserved:
            self._reserve()
        self._append(_ORDER, dict(head, shown=len(shown)), shown, payload)
        return self.orders[-1]

    def number_above(self, seq: int) -> None:
        """Number the next orders above this one of the hub's; those between are not here.

        A number that leaves hardly any above it is passed over: the board would end selling.
        """
        if self.last_seq < seq <= _FARTHEST:
            self._append(_NUMBER, dict(Stored(0, "", "").said(self), last=seq, unused_to=seq))

    def renumber(self, head: dict, payload: "Part", *, shown: "Part" = b"") -> None:
        """Keep a waiting order as another message under the next number; all as in submit."""
        if head["seq"] > self._reserved:
            self._reserve()
        self._append(_MOVED, dict(head, shown=len(shown)), shown, payload)

    def take(self, head: dict, payload: "Buffer") -> bool:
        """Keep an answer, once: False for a revision that is here already.

        `head` has order, number, revision, status, kind (of its slip) and at; `arrived` where
        it says that the order was delivered.
        """
        stored = self.by_id(head["order"])
        if stored and not stored.is_waiting and head["revision"] <= stored.revision:
            return False
        seq = stored.seq if stored else 0
        # Of an order the newest record alone stays, so that one says what those before it said.
        arrived = head.get("arrived", False) or (stored is not None and stored.has_arrived)
        told = dict(head, seq=seq, slip=self.last_slip + 1, arrived=arrived)
        self._append(_ANSWER, told, payload)
        return True

    def spool_queued(self, stored: Stored) -> None:
        """Keep that the slip QUEUED is to be printed."""
        self._append(_SLIP, Slip(self.last_slip + 1, "queued", stored).asked())

    def leave_queued(self, stored: Stored) -> None:
        """Keep that an order gets no slip QUEUED: its answer prints."""
        self._append(_SLIP, {"seq": stored.seq, "state": _TOLD})

    def slip_became(self, slip: Slip, state: str) -> None:
        """Keep what became of a slip."""
        self._append(_SLIP, slip.as_it_is(state))

    def give_up(self) -> "list[Slip]":
        """Keep of slips that may be in the printer that nobody knows; gives them."""
        sent = [one for one in self._slips if one.state == "sent"]
        for slip in sent:
            self.slip_became(slip, "unknown")
        return sent

    def slips(self) -> "list[Slip]":
        """Give the slips that are to be printed next, the oldest first."""
        return [one for one in self._slips if one.state == "waiting"]

    def count_slips(self) -> int:
        """Count all slips that wait."""
        return len(self.slips()) + len(self._unprinted)

    def keep_shop(self, shop: dict) -> None:
        """Keep what the hub says of the shop."""
        if shop != self.shop:
            self._append(_SHOP, shop)

    def tidy(self) -> None:
        """Leave out what is over, where that is most of the file; only between two orders."""
        if self._file.damaged:
            self.rewrite()
        elif self.size > _SPARE and self.size > self._looked_at + _SPARE // 4:
            self._looked_at = self.size
            if self.size > 2 * sum(one[2] for one in self._live()) + _SPARE:
                self.rewrite()

    def load(self) -> None:
        """Read all of it anew from flash; what was in memory is let go first. Raises OSError."""
        self._is_sound = False
        self.boot = self.at_ms = 0
        self.shop: dict = {}
        self._events = array("i")
        self.orders: list[Stored] = []
        self.newest: Slip | None = None
        self._slips: list[Slip] = []
        self._folded = array("i")
        self._unprinted = array("i")
        self._unprinted_numbers = array("i")
        self._looked_at = 0
        self.last_seq = self.unused_to = self.last_slip = 0
        for kind, at, length in self._file.scan():
            head = json.loads(self._file.head(at, length))
            self._apply(kind, head, (at, length))
        floor = read_whole(self.folder + "/floor")
        self._reserved = json.loads(floor)["seq"] if floor else 0
        if self._file.damaged:
            self.alarms.append("records_damaged")
            # A number may be in what is damaged. One used twice would make the hub take a new
            # order for an old one; a gap is known and shown.
            self.last_seq = max(self.last_seq, self._reserved)
        self._is_sound = True

    def _see_sound(self) -> None:
        """Raise OSError where a change has failed half way: memory may be short of an order."""
        if not self._is_sound:
            raise OSError("the journal is to be read anew")

    def _append(self, kind: str, head: dict, *more: "Part") -> None:
        parts: list[Part] = [json.dumps(head).encode()]
        if more:
            parts += (b"\n",) + more
        self._see_sound()
        self._is_sound = False
        at = self._file.append(kind, *parts)
        self._apply(kind, head, (at, sum([len(part) for part in parts])))
        self._is_sound = True

    def _apply(self, kind: str, head: dict, span: "tuple[int, int]") -> None:
        """Have a record's effect; the same when it is new and when it is read again."""
        if kind == _EVENT:
            self._events.append(span[0])
        elif kind == _CLEARED:
            self._events = array("i")
        elif kind == _ORDER:
            self._apply_order(head, span)
        elif kind == _MOVED:
            self._apply_moved(head, span)
        elif kind == _ANSWER:
            self._apply_answer(head, span)
        elif kind == _SLIP:
            self._apply_slip(head)
        elif kind == _NUMBER:
            self._apply_number(head)
        elif kind == _SHOP:
            self.shop = head
        elif kind == _BOOT:
            self.boot = head["boot"]
            self.at_ms = max(self.at_ms, head["at"])

    def _apply_order(self, head: dict, span: "tuple[int, int]") -> None:
        stored = Stored(head["seq"], head["order"], head["number"])
        stored.asked = span
        self.orders.append(stored)
        self._events = array("i")
        self.last_seq = max(self.last_seq, stored.seq)
        self._fold()

    def _apply_moved(self, head: dict, span: "tuple[int, int]") -> None:
        stored = self._find("order", head["order"])
        self.last_seq = max(self.last_seq, head["seq"])
        if stored is not None and stored.is_waiting:
            self.unused_to = max(self.unused_to, stored.seq)
            stored.seq, stored.number, stored.asked = head["seq"], head["number"], span
            self.orders.remove(stored)
            self.orders.append(stored)

    def _apply_answer(self, head: dict, span: "tuple[int, int]") -> None:
        stored = self._find("order", head["order"])
        if stored is None:
            stored = Stored(0, head["order"], head["number"])
            self.orders.append(stored)
        # The number is the hub's: an older flash may have another one of the same order.
        stored.answer, stored.number = span, head["number"]
        stored.became(head)
        self.at_ms = max(self.at_ms, head["at"])
        # A slip QUEUED that was not printed yet would only confuse beside the answer.
        self._slips = [one for one in self._slips if one.stored is not stored]
        before, slip = stored.slip, Slip(head["slip"], head["kind"], stored)
        if before is not None and before.kind == "queued" and before.number > 0:
            slip.after_queued = before.state != "waiting"
        self._spool(slip)
        self._fold_slips()
        self._forget_oldest()
        self._unfold()

    def _apply_slip(self, head: dict) -> None:
        if head["state"] in ("waiting", _TOLD):
            stored = self._find("seq", head["seq"])
            if stored is not None and head["state"] == _TOLD:
                stored.slip = told_slip(stored)
            elif stored is not None:
                self._spool(Slip(head["slip"], head["kind"], stored))
            self._fold()
            return
        for one in self.orders:
            if one.slip is not None and one.slip.number == head["slip"]:
                one.slip.state = head["state"]
                one.slip.copies = head["copies"]
        self._slips = [one for one in self._slips if one.is_waiting]
        for at, number in enumerate(self._unprinted_numbers):
            if number == head["slip"]:
                self._unprinted[at : at + 1] = _NO_PLACES
                self._unprinted_numbers[at : at + 1] = _NO_PLACES
                break
        while len(self._slips) < PRINTABLE and len(self._unprinted):
            self._take_up_slip(0)

    def _apply_number(self, head: dict) -> None:
        self.last_seq = max(self.last_seq, head["last"])
        self.last_slip = max(self.last_slip, head["slip"])
        self.unused_to = max(self.unused_to, head.get("unused_to", 0))
        if head["order"]:
            stored = Stored(head["seq"], head["order"], head["number"])
            stored.became(head)
            self.orders.append(stored)

    def _spool(self, slip: Slip) -> None:
        slip.stored.slip = slip
        self.newest = slip
        self.last_slip = max(self.last_slip, slip.number)
        self._slips.append(slip)

    def _forget_oldest(self) -> None:
        """Let go of answered orders beyond those whose revision is to be known."""
        over = [one for one in self.orders if not one.is_waiting]
        over = [one for one in over[:-KEPT_NUMBERS] if one.slip is None or not one.slip.is_waiting]
        if over:
            self.orders = [one for one in self.orders if one not in over]

    def _fold(self) -> None:
        """Keep of a waiting order only its place, where it is neither to be sent nor printed soon.

        Orders of days without a line would else fill the memory.
        """
        waiting = [one for one in self.orders if one.is_waiting]
        for one in waiting[SENDABLE:-1]:
            if one.slip is not None and not one.slip.is_waiting:
                self.orders.remove(one)
                at = _above(self._folded, one.asked[0])
                self._folded[at:at] = array("i", [one.asked[0]])

    def _fold_slips(self) -> None:
        """Keep only the places of answers whose slips print late: days of them fill a memory."""
        for slip in self._slips[PRINTABLE:]:
            if slip.kind != "queued" and slip.state == "waiting":
                self._slips.remove(slip)
                self.orders.remove(slip.stored)
                at = _above(self._unprinted_numbers, slip.number)
                self._unprinted[at:at] = array("i", [slip.stored.answer[0]])
                self._unprinted_numbers[at:at] = array("i", [slip.number])

    def _take_up_slip(self, at: int) -> Stored:
        was_sound, self._is_sound = self._is_sound, False
        place = self._unprinted[at]
        head = self._head_at(place)
        stored = Stored(head["seq"], head["order"], head["number"])
        stored.answer = (place, self._file.length_at(place))
        stored.became(head)
        stored.slip = Slip(head["slip"], head["kind"], stored)
        self._slips.insert(_above((one.number for one in self._slips), head["slip"]), stored.slip)
        self.orders.append(stored)
        self._unprinted[at : at + 1] = _NO_PLACES
        self._unprinted_numbers[at : at + 1] = _NO_PLACES
        self._is_sound = was_sound
        return stored

    def _unfold(self) -> None:
        """Take the oldest folded orders up again, as far as there is something to send."""
        waiting = len([one for one in self.orders if one.is_waiting])
        while len(self._folded) and waiting < SENDABLE:
            self._take_up(0)
            waiting += 1

    def _take_up(self, at: int) -> Stored:
        was_sound, self._is_sound = self._is_sound, False
        place = self._folded[at]
        head = self._head_at(place)
        stored = Stored(head["seq"], head["order"], head["number"])
        stored.asked = (place, self._file.length_at(place))
        stored.slip = told_slip(stored)
        later = [n for n, one in enumerate(self.orders) if one.is_waiting and one.seq > stored.seq]
        self.orders.insert(later[0] if later else len(self.orders), stored)
        self._folded[at : at + 1] = _NO_PLACES
        self._is_sound = was_sound
        return stored

    def _head_at(self, place: int) -> dict:
        return json.loads(self._file.head(place, self._file.length_at(place)))

    def _find(self, name: str, wanted: "Any") -> "Stored | None":
        """Find an order, in memory or, rarely, on flash; none has an empty name or the number 0."""
        if not wanted:
            return None
        for one in self.orders:
            if getattr(one, name) == wanted:
                return one
        for at, place in enumerate(self._folded):
            if self._head_at(place)[name] == wanted:
                return self._take_up(at)
        for at, place in enumerate(self._unprinted):
            if self._head_at(place)[name] == wanted:
                return self._take_up_slip(at)
        return None

    def _reserve(self) -> None:
        """Keep apart, in a file of its own, up to which number orders may have been made."""
        reserved = self.last_seq + SEQS_RESERVED
        write_whole(self.folder + "/floor", json.dumps({"seq": reserved}).encode())
        self._reserved = reserved

    def _after_head(self, span: "tuple[int, int]", more: int) -> FileSpan:
        at, length = span
        head = len(self._file.head(at, length)) + 1 + more
        return FileSpan(self._file.path, at + head, length - head)

    def kept(self) -> "list[Stored]":
        """Give the orders in memory whose records are still needed."""
        answered = [one for one in self.orders if not one.is_waiting][-KEPT_ANSWERS:]
        return [
            one
            for one in self.orders
            if one.is_waiting or one in answered or (one.slip is not None and one.slip.is_waiting)
        ]

    def _live(self) -> "Iterator[tuple]":
        """Give kind, place and length of what is needed, as it was written; and if it is folded."""
        spans = [(one.asked, _ORDER) for one in self.kept() if one.asked != NOWHERE]
        spans += [(one.answer, _ANSWER) for one in self.kept() if one.answer != NOWHERE]
        done = [0, 0]
        for (at, length), kind in sorted(spans, key=lambda item: item[0]):
            yield from self._folded_before(at, done)
            yield kind, at, length, False
        yield from self._folded_before(self.size, done)

    def _folded_before(self, end: int, done: "list[int]") -> "Iterator[tuple]":
        """Give the next of what memory has only the places of; `done` counts them."""
        for which, places in enumerate((self._folded, self._unprinted)):
            while done[which] < len(places) and places[done[which]] < end:
                at = places[done[which]]
                done[which] += 1
                yield (_ANSWER if which else _ORDER), at, self._file.length_at(at), not which

    def rewrite(self) -> None:
        """Write what is needed into a new file, which then takes the place of the old one."""
        self._see_sound()
        draft = RecordFile(self.folder + "/journal.new")
        draft.begin()
        kept = self.kept()
        draft.append(_BOOT, json.dumps({"boot": self.boot, "at": self.at_ms}).encode())
        draft.append(_SHOP, json.dumps(self.shop).encode())
        draft.append(_NUMBER, json.dumps(Stored(0, "", "").said(self)).encode())
        for one in self.orders:
            if one not in kept:
                draft.append(_NUMBER, json.dumps(one.said(self)).encode())
        for kind, at, length, is_folded in self._live():
            draft.append(kind, FileSpan(self._file.path, at, length))
            if is_folded:
                told = {"seq": self._head_at(at)["seq"], "state": _TOLD}
                draft.append(_SLIP, json.dumps(told).encode())
        for one in kept:
            if one.slip is not None:
                for head in one.slip.said():
                    draft.append(_SLIP, json.dumps(head).encode())
        for event in self.events:
            draft.append(_EVENT, json.dumps({"event": event}).encode())
        self._is_sound = False
        draft.replace(self._file)
        self.load()


def _above(rising: "Iterable[int]", number: int) -> int:
    """Tell where a number belongs in numbers that rise, without a piece of the heap for them."""
    return sum(one < number for one in rising)
