"""A note in the frame of records, and what an order's page shows of its notes and next step."""

from dataclasses import dataclass

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.deliveries.model.life import OUTCOMES
from hub.desk.deliveries.reads.notes import NoteRow, notes_of
from hub.desk.deliveries.reads.queue import QueuedOrder, read_queued
from hub.desk.deliveries.reads.rest import NO_REST, Rest
from hub.desk.deliveries.words import STATES
from hub.web.frames.records import Action, Actions, Happened, Linked, Record
from hub.web.papers import paper_actions

_SENT = (("form_step", "send"),)


def record_of(note: NoteRow, session: Session, words: PageWords, *, rest: Rest) -> Record:
    """Say what the frame shows of a note."""
    linked = [
        Linked(words.text("word.order"), note.order_number, f"/orders/{note.order}"),
        Linked(
            words.text("delivery.wave"),
            words.text("delivery.wave_number", number=note.wave),
            f"/deliveries/waves/{note.wave}",
        ),
    ]
    if note.trip is not None:
        number = words.text("delivery.trip_number", number=note.trip)
        linked.append(Linked(words.text("delivery.trip"), number, f"/deliveries/trips/{note.trip}"))
    if rest.order:
        linked.append(Linked(words.text("delivery.rest"), rest.number, f"/orders/{rest.order}"))
    return Record(
        noun="delivery",
        key=str(note.id),
        number=note.number,
        name=note.customer,
        address=f"/deliveries/{note.id}",
        back="/deliveries",
        topics=("deliveries", "invoices"),
        state=STATES[note.state],
        actions=actions_of(note, session, words, here=True, rest=rest),
        linked=tuple(linked),
        timeline=_timeline(note, words, staff=session.is_staff),
        notes=False,
        files="deliveries.record" if session.is_staff else "",
    )


def actions_of(
    note: NoteRow, session: Session, words: PageWords, *, here: bool, rest: Rest = NO_REST
) -> Actions:
    """Offer the next step of a note: pick, dispatch, deliver; on its own page all else there is."""
    address = f"/deliveries/{note.id}"
    step = _next(note, session, words)
    beside, others = [], []
    if here:
        printed = words.text("delivery.print_note")
        beside.append(Action(printed, "printer", address=f"{address}/print"))
        others += paper_actions(address, words)
        if note.state in OUTCOMES:
            proof = words.text("delivery.proof_paper")
            others.append(Action(proof, "download", address=f"{address}/proof.pdf"))
        if note.state in {"picking", "picked"} and session.may("deliveries.pick"):
            undo = words.text("delivery.undo")
            others.append(Action(undo, "ban", address=f"{address}/undo", fields=_SENT, danger=True))
        if rest.missing and not rest.order and session.may("deliveries.record"):
            again = words.text("delivery.order_rest")
            others.append(Action(again, "plus", address=f"{address}/rest", fields=_SENT))
        if note.state == "picked" and session.may("deliveries.pass") and not note.passed_by:
            others.append(Action(words.text("delivery.pass"), "lock", opens="pass"))
    return Actions(next=step, beside=tuple(beside), others=tuple(others))


def _next(note: NoteRow, session: Session, words: PageWords) -> Action | None:
    if note.state == "picking" and session.may("deliveries.pick"):
        address = f"/deliveries/waves/{note.wave}"
        return Action(words.text("delivery.pick"), "package", address=address)
    if note.state == "picked" and session.may("deliveries.dispatch"):
        address = f"/deliveries/dispatch?note={note.id}"
        return Action(words.text("delivery.dispatch"), "truck", address=address)
    if note.state == "dispatched" and session.may("deliveries.record"):
        address = f"/deliveries/{note.id}/outcome"
        return Action(words.text("delivery.deliver"), "circle-check", address=address)
    return None


def _timeline(note: NoteRow, words: PageWords, *, staff: bool) -> tuple[Happened, ...]:
    """Tell each step, the newest first: when, by whom, and why where somebody said so."""
    end = note.state if note.closed_at else ""
    steps = (
        (note.closed_at, note.closed_by, end, note.note if staff else ""),
        (note.dispatched_at, note.dispatched_by, "dispatched", f"{note.vehicle} {note.driver}"),
        (note.picked_at, note.picked_by, "picked", ""),
        (note.made_at, note.made_by, "picking", ""),
    )
    return tuple(
        Happened(at, (who or "") if staff else "", words.text(STATES[state].words), why=why)  # type: ignore[index]
        for at, who, state, why in steps
        if at
    )


@dataclass(frozen=True, slots=True)
class OfOrder:
    """The notes of an order, the newest last, and the order itself where it waits to be picked."""

    notes: tuple[NoteRow, ...]
    queued: QueuedOrder | None


def read_panel(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> OfOrder | None:
    """Read what an order's page shows of its deliveries."""
    del now_ms
    if not session.may("deliveries.read"):
        return None
    notes = tuple(notes_of(connection, order=key, scope=session.scope))
    queued = next(iter(read_queued(connection, [key], scope=session.scope)), None)
    return OfOrder(notes, queued) if notes or queued else None


def offer_actions(it: object, session: Session, words: PageWords) -> Actions:
    """Offer on an order's page the next step of its delivery as the one filled button."""
    assert isinstance(it, OfOrder)  # noqa: S101  # what `read_panel` gave
    if it.queued is not None and session.may("deliveries.pick"):
        pick = Action(
            words.text("delivery.pick"),
            "package",
            address="/deliveries/pick",
            fields=(("order", it.queued.uuid),),
        )
        return Actions(next=pick)
    return actions_of(it.notes[-1], session, words, here=False) if it.notes else Actions()
