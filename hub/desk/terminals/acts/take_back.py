"""Take orders back that the hub has forgotten, each as it was decided, and ask for the next."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from broker.contract import Kept, KeptOrder, Refusal
from hub.base.clock import Clock
from hub.base.transaction import StoringError, Transaction, Transactions
from hub.desk.orders.deciding import Desk, Restored, settle_otherwise, take_back
from hub.desk.orders.model.given import GivenOrder
from hub.desk.parties.store import business_day
from hub.desk.rulepacks.model.versions import SeenPack
from hub.desk.rulepacks.store.seen import note_seen
from hub.desk.terminals.model import Outgoing, RefusedMessage, codes_among
from hub.desk.terminals.store import inbox
from hub.desk.terminals.store.asking import scanned_products
from hub.desk.terminals.store.awaiting import end_where_whole
from hub.desk.terminals.store.inbox import InboxRow
from hub.desk.terminals.store.outbox import Kept as Told
from hub.desk.terminals.store.outbox import keep_acked, told_at
from hub.desk.terminals.store.presence import keep_told_otherwise
from hub.desk.terminals.wire.kept import GivenBack, given_order, read_back, says_the_same
from hub.desk.terminals.wire.recalls import Recalls
from hub.desk.terminals.wire.requests import request_of

_log = logging.getLogger(__name__)

_TOPIC: Final = "up/kept"


class TakenBack(NamedTuple):
    """What to send next, and what of the message could not be taken."""

    replies: list[Outgoing]
    refusals: list[RefusedMessage]


@dataclass(slots=True)
class TakeBack:
    """The act, with what it needs; `key` gives the bytes that the hub's answers are marked with."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    recalls: Recalls
    key: Callable[[], bytes]

    def __call__(self, kept: Kept) -> TakenBack:
        """Take each order of a message by itself; what is here already changes nothing.

        The next message is asked for as long as there is one: each begins above the one before, so
        that it ends whatever a terminal says. Only what this hub asked for, from its first question
        on, ends the waiting: what was on its way before a restore answers the hub of before it.
        """
        refusals = []
        for one in kept.data.orders:
            try:
                self._take(one, kept.term)
            except Refusal as refusal:
                refusals.append(_refused(kept, refusal))
        data = kept.data
        replies = []
        if data.more and data.upto > data.after:
            now_ms = self.clock.now_ms()
            replies.append(self.recalls.ask_on(kept, now_ms=now_ms))
        elif self.recalls.is_answered_by(kept):
            self._end_awaiting(kept.term)
        self.recalls.close(kept)
        return TakenBack(replies, refusals)

    def _end_awaiting(self, terminal: str) -> None:
        """Let orders of its customer go on, where the terminal has given back all that it keeps."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            end_where_whole(t, [terminal])
            t.commit()

    def _take(self, one: KeptOrder, terminal: str) -> None:
        """Take one order back in a transaction of its own; raises Refusal."""
        back = read_back(one, terminal, self.key())
        number = back.message.data.number
        try:
            with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
                is_here = _is_here(t, back)
                with t.whole():
                    revisions = self._keep(t, back, is_here=is_here)
                if revisions:
                    t.changed("terminals")
                t.commit()
        except StoringError as error:
            text = f"order {number}: the hub cannot store it as it was"
            _log.exception("order not taken back", extra={"order": back.message.data.order})
            raise _refusal("kept_not_stored", text, back) from error
        if revisions:
            _log.warning(
                "order %s is taken back as it was answered", number,
                extra={"order": back.message.data.order, "revisions": revisions},
            )  # fmt: skip

    def _keep(self, t: Transaction, back: GivenBack, *, is_here: bool) -> tuple[int, ...]:
        """Write what of an order is not here; gives the revisions written."""
        message = back.message
        terminal = inbox.served_terminals(t, [message.term])[message.term]
        if not is_here:
            inbox.keep_taken(t, [_row(back)])
        # Whom it was for was settled when it was answered.
        customers = [message.data.customer]
        codes = codes_among([line.sku for line in message.data.lines])
        request = request_of(
            message,
            terminal,
            day=business_day(t),
            customers=customers,
            serves=customers,
            products=scanned_products(t, codes) if codes else {},
        )
        given = given_order(back, request)
        packs = {one.content.pack: one.content.pack_version for one in given.revisions}
        note_seen(t, [SeenPack(pack, n) for pack, n in packs.items() if pack], proven=True)
        done = take_back(t, self.desk, given)
        keep_acked(
            t,
            [
                Told(
                    message.term,
                    "answer" if revision == 1 else "notice",
                    done.order,
                    revision,
                    back.told[revision - 1][1],
                )
                for revision in done.revisions
            ],
        )
        self._settle_otherwise(t, back, given, done=done)
        return done.revisions

    def _settle_otherwise(
        self, t: Transaction, back: GivenBack, given: GivenOrder, *, done: Restored
    ) -> None:
        """Settle where a revision that the terminal has was decided otherwise here, and say so.

        That is of books that were put back: somebody decided on an order before its terminal said
        what it had been told of it. What the terminal knows beyond that stands as on paper, where
        the order has not gone on here.
        """
        shared = done.revisions[0] - 1 if done.revisions else len(back.told)
        if done.has_gone_on:
            shared = len(back.told)
        elif self._is_told(t, back, order=done.order, revision=shared):
            return
        data = back.told[shared - 1][0].data
        told = f"revision {shared} told it as {data.status}"
        settled = done if done.revisions else settle_otherwise(t, self.desk, given, told=told)
        if settled is not None:
            keep_told_otherwise(t, back.message.term, data.number, told=told, stands=settled.stands)

    @staticmethod
    def _is_told(t: Transaction, back: GivenBack, *, order: int, revision: int) -> bool:
        """Tell whether a revision is here as its terminal has it; one that is not told here is."""
        here = told_at(t, order, revision)
        return here is None or says_the_same(here, back.told[revision - 1][0])


def _row(back: GivenBack) -> InboxRow:
    message = back.message
    return InboxRow((message.term, message.seq), message.data.order, back.digest)


def _is_here(t: Transaction, back: GivenBack) -> bool:
    """Tell whether an order is in the inbox; raises Refusal where it cannot be taken at all."""
    row = _row(back)
    taken = inbox.find_taken(t, [row])
    if any((one.key, one.uuid, one.digest) != row for one in taken):
        text = f"order {back.message.data.number}: the hub has another order under its number"
        raise _refusal("kept_number_used", text, back)
    terminal = back.message.term
    if not inbox.served_terminals(t, [terminal]):
        raise _refusal("terminal_unknown", f"terminal {terminal} may not order", back)
    return bool(taken)


def _refusal(code: str, text: str, back: GivenBack) -> Refusal:
    return Refusal(code, text, order=back.message.data.order, message=back.message.id)


def _refused(kept: Kept, refusal: Refusal) -> RefusedMessage:
    return RefusedMessage(
        kept.term,
        _TOPIC,
        payload=b"",
        code=refusal.code,
        text=refusal.text,
        order=refusal.order,
        message=kept.id,
    )
