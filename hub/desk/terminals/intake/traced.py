"""What the hub tells of an order's way: that it was decided, and that its answer was stored."""

from collections.abc import Iterator, Sequence

from broker.contract import Ack, Answer, Refusal, decode_down
from broker.tracing import Span
from hub.desk.terminals.acts.take_orders import RefusedOrder, Reply
from hub.desk.terminals.store.inbox import Submitted


def decided_spans(
    asked: Sequence[Submitted], replies: Sequence[Reply], *, began_ns: int, ended_ns: int
) -> Iterator[Span]:
    """Give a span for each order of a group, which were decided and committed together.

    A group of 12 that took 60 ms gives 12 spans of 60 ms: each order's answer waited for all of it.
    """
    for one, reply in zip(asked, replies, strict=True):
        message = one.message
        said: dict[str, str | int] = {
            "terminal": message.term,
            "number": message.data.number,
            "lines": len(message.data.lines),
            "group": len(asked),
        }
        fault = ""
        if isinstance(reply, RefusedOrder):
            fault = reply.why.code
        else:
            said["status"] = _status(reply.payload)
        yield Span(one.uuid, "decide", began_ns, ended_ns, said, fault)


def stored_span(message: Ack, *, at_ns: int) -> Span:
    """Give the moment in which a terminal said that it has stored an answer or a notice."""
    said: dict[str, str | int] = {"terminal": message.term, "revision": message.data.revision}
    return Span(message.data.order, "stored", at_ns, at_ns, said)


def _status(payload: bytes) -> str:
    """Read which answer it is: `confirmed`, `held`; nothing here may undo what is committed."""
    try:
        answer = decode_down(payload)
    except Refusal:
        return "unread"
    return answer.data.status if isinstance(answer, Answer) else answer.__class__.__name__.lower()
