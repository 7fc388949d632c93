"""What the counter says of an order: from what is known of it, headline, tone, light, what now."""

from dataclasses import dataclass
from typing import Final, Literal

from broker.contract.messages import Reason
from terminal.core.text import Currency, clean
from terminal.core.words import Said, Voice, said, who_decides

Light = Literal["green", "amber", "red"]
Tone = Literal["ok", "error", "done"]
Reach = Literal["online", "hub_away", "offline", "shut_out"]
"""Whether somebody is there to take orders, as far as is known; `shut_out`: not from here."""
Paper = Literal["none", "waiting", "printed"]
"""Whether an order's QUEUED slip was never made, waits for the printer, or may be in a hand."""

_MOST_REASONS: Final = 3
_LONGEST_REASON: Final = 200
_LOOKS: Final[dict[str, tuple[Tone, Light]]] = {
    "": ("done", "amber"),
    "confirmed": ("done", "green"),
    "confirmed_changed": ("done", "amber"),
    "held": ("error", "amber"),
    "rejected": ("error", "red"),
    "cancelled": ("error", "red"),
    "refused": ("error", "red"),
}
_AMISS: Final = frozenset({"cheque_returned", "cheque_returned_alone"})
"""Reasons that want somebody's eye, though the order itself stays as it is."""


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """What is known of a submitted order.

    `status` is that of the newest answer or notice, `refused` where the hub could not take the
    order, empty before; the amounts in its reasons are of `currency`. `deciders` are the roles
    that a held order waits for. `queued_slip` is what became of the QUEUED slip, which is made
    where no answer came in time.
    """

    number: str
    status: str = ""
    reasons: tuple[Reason, ...] = ()
    currency: Currency | None = None
    deciders: tuple[str, ...] = ()
    reach: Reach = "online"
    queued_slip: Paper = "none"


@dataclass(frozen=True, slots=True)
class Fate:
    """What the counter says of one order.

    `tone` is the sound of it, `light` the colour that it stands in, `now` what the person does.
    """

    headline: str
    tone: Tone
    light: Light
    now: str = ""


def fate_of(known: KnownOrder, voice: Voice, *, support: str = "") -> Fate:
    """Say what became of an order; `support` is whom to call about one that was not taken."""
    tone, light = _LOOKS.get(known.status, ("error", "amber"))
    if known.status == "cancelled" and _is_asked_for(known):
        tone, light = "done", "amber"
    if _is_amiss(known):
        tone, light = "error", "amber"
    if not known.status and known.reach == "online":
        tone = "ok"  # its answer will sound in a moment
    now = [voice.word(one) for one in _now(known, voice, clean(support))]
    return Fate(_headline(known, voice), tone, light, " ".join(now))


def _is_asked_for(known: KnownOrder) -> bool:
    """Tell whether an order was cancelled from the very counter that made it."""
    terminal = known.number.rpartition("-")[0]
    return any(
        one.code == "counter_cancelled" and one.params.get("terminal") == terminal
        for one in known.reasons
    )


def _is_amiss(known: KnownOrder) -> bool:
    """Tell whether something is wrong beside the order, as with the money for it."""
    return any(one.code in _AMISS for one in known.reasons)


def _headline(known: KnownOrder, voice: Voice) -> str:
    number = known.number
    if not known.status:
        if known.reach != "online":
            is_out = known.reach == "shut_out"
            name = "counter.stored_shut_out" if is_out else "counter.stored_away"
            return voice.text(name, number=number)
        return voice.text(
            "counter.stored" if known.queued_slip == "none" else "fate.late", number=number
        )
    # Whoever scanned CANCEL-ORDER here knows why it is cancelled.
    why = "" if _is_asked_for(known) and known.status == "cancelled" else _why(known, voice)
    if why and _is_amiss(known):
        return voice.text("fate.told", number=number, why=why)
    name = f"fate.{known.status}" if why else f"fate.{known.status}_alone"
    return voice.known(name, f"{number}: {known.status}", number=number, why=why)


def _why(known: KnownOrder, voice: Voice) -> str:
    """Join the first reasons, each said once, with the number of its line."""
    texts = [_reason(one, voice, known.currency) for one in known.reasons]
    first = list(dict.fromkeys(text for text in texts if text))
    if len(first) > _MOST_REASONS:
        more = voice.text("fate.more", count=len(first) - _MOST_REASONS)
        first = [*first[:_MOST_REASONS], more]
    return "; ".join(first)


def _reason(one: Reason, voice: Voice, currency: Currency | None) -> str:
    text = clean(voice.told(one, currency), _LONGEST_REASON)
    return voice.text("slip.line", number=one.line, text=text) if one.line else text


def _now(known: KnownOrder, voice: Voice, support: str) -> list[Said]:
    match known.status:
        case "":
            return _meanwhile(known)
        case "held":
            rows = [who_decides(known.deciders, voice)]
        case "confirmed_changed":
            rows = [said("now.changed")]
        case "rejected":
            rows = [said("now.rejected")]
        case "refused":
            rows = [said("now.refused")]
        case _:
            rows = []
    if known.status in {"rejected", "refused"} and support:
        rows.append(said("slip.help", contact=support))
    if known.queued_slip == "printed":
        rows.append(said("now.queued_slip_void"))
    return rows


def _meanwhile(known: KnownOrder) -> list[Said]:
    """Say what an order without an answer means; a slip is spoken of only where there is one."""
    if known.reach == "shut_out":
        return [said("now.new_slip")]
    if known.queued_slip == "printed":
        return [said("now.slip_says_queued")]
    if known.queued_slip == "waiting" or known.reach != "online":
        return [said("now.answer_comes")]
    return []
