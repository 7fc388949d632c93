"""One drive of a vehicle: who drives, for whom, and how far."""

from dataclasses import dataclass
from typing import Final

from hub.base.fields import Reason
from hub.desk.parties.model.cells import CellError, clean, read_count, read_text
from hub.desk.parties.model.gst import read_gstin

FIELDS: Final = ("carrier", "carrier_gstin", "distance")
FARTHEST_KM: Final = 4000
"""What the portal of e-way bills takes at most."""


@dataclass(frozen=True, slots=True)
class Drive:
    """A vehicle with its driver; the carrier is empty where the seller drives.

    `distance` is in km, 0 where nobody said: then the portal works it out from the PIN codes.
    """

    vehicle: str
    driver: str
    carrier: str = ""
    carrier_gstin: str = ""
    distance: int = 0


def read_drive(
    vehicle: str, driver: str, *, carrier: tuple[str, str, str]
) -> tuple[Drive, list[Reason]]:
    """Read who carries the goods, by which GSTIN or transporter id, and how far, from texts."""
    name, gstin, distance = map(clean, carrier)
    faults: list[Reason] = []
    read: dict[str, str] = {}
    kilometres = 0
    for field, text, reader in (
        ("carrier", name, read_text),
        ("carrier_gstin", gstin, read_gstin),
    ):
        try:
            read[field] = reader(text) if text else ""
        except CellError as error:
            faults.append(error.reason._replace(field=field))
    try:
        kilometres = read_count(distance) if distance else 0
    except CellError as error:
        faults.append(error.reason._replace(field="distance"))
    if kilometres > FARTHEST_KM:
        faults.append(Reason("cell_above", {"value": distance, "most": FARTHEST_KM}, "distance"))
    return Drive(vehicle, driver, **read, distance=kilometres), faults
