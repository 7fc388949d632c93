"""Whether a rule pack that is sound may be put in force here, and when."""

from dataclasses import dataclass
from datetime import date

from rules import CompiledPack


@dataclass(frozen=True, slots=True)
class PackHold:
    """Why a pack that the hub wants in force is not; `code` is told to the hub."""

    code: str
    text: str


def older(pack: CompiledPack, active: CompiledPack | None) -> PackHold | None:
    """Say where a pack is older than the one in force: a roll back is a new version of its own.

    Else somebody who kept an old pack, rightly signed once, could bring its prices back.
    """
    if active is None or pack.version >= active.version:
        return None
    text = f"version {pack.version} is below {active.version}, which is in force"
    return PackHold("pack_version_older", text)


def too_early(pack: CompiledPack, today: date | None) -> PackHold | None:
    """Say where the first day of a pack has not come.

    `today` is the distributor's day by the hub's clock, None where only the device's own is known:
    a wrong clock must not bring a price change forward.
    """
    if pack.not_before is None:
        return None
    if today is None:
        text = (
            f"version {pack.version} is for {pack.not_before} on, and the hub's time is not known"
        )
        return PackHold("pack_clock_unset", text)
    if today < pack.not_before:
        return PackHold("pack_not_yet", f"version {pack.version} is for {pack.not_before} on")
    return None
