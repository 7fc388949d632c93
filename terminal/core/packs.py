"""Whether a rule pack that is sound may be put in force here, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules import CompiledPack
from terminal.core.words import Voice


@dataclass(frozen=True, slots=True)
class PackHold:
    """Why a pack that the hub wants in force is not.

    The hub and the log are told `code` and `text`, the shop the message of the code with `values`.
    """

    code: str
    text: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def said(self, voice: Voice) -> str:
        """Say it to the shop; a code without a message of its own as the text."""
        return voice.known(f"pack.{self.code}", self.text, **self.values)


def older(pack: CompiledPack, active: CompiledPack | None) -> PackHold | None:
    """Say where a pack is older than the one in force: a roll back is a new version of its own.

    Else somebody who kept an old pack, rightly signed once, could bring its prices back.
    """
    if active is None or pack.version >= active.version:
        return None
    text = f"version {pack.version} is below {active.version}, which is in force"
    values = {"version": pack.version, "active": active.version}
    return PackHold("pack_version_older", text, values)


def too_early(pack: CompiledPack, today: date | None) -> PackHold | None:
    """Say where the first day of a pack has not come.

    `today` is the distributor's day by the hub's clock, None where only the device's own is known:
    a wrong clock must not bring a price change forward.
    """
    if pack.not_before is None:
        return None
    values: dict[str, str | int] = {"version": pack.version, "day": pack.not_before.isoformat()}
    text = f"version {pack.version} is for {pack.not_before} on"
    if today is None:
        text += ", and the hub's time is not known"
        return PackHold("pack_clock_unset", text, values)
    if today < pack.not_before:
        return PackHold("pack_not_yet", text, values)
    return None
