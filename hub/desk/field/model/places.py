"""Where a visit was: what a phone says of its place, and whether that is the outlet."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, cast, get_args

import msgspec

from hub.desk.parties.model.distance import metres_between

Verdict = Literal["verified", "far", "old", "mocked", "denied", "unsure", "unknown", "unplaced"]
"""What is known of a visit's place; only `verified` counts as having been there.

`far` is outside of the outlet's circle, `old` a place that the phone remembered from before,
`mocked` one that a program made up, `denied` one that the person does not give, `unsure` one whose
error is larger than the circle, `unknown` none at all; `unplaced` is an outlet without coordinates.
"""
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

RADIUS_M: Final = 200
"""Metres from the outlet within which a visit is verified."""
OLDEST_S: Final = 120
"""Seconds that a place may be old: one that is older says where the phone was, not is."""
_Number = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
_MILLIONTHS: Final = 1_000_000


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place as a phone tells it: degrees in millionths, its error in metres, its age in seconds.

    A phone that knows none says why: `denied` by the person, or else simply unknown.
    """

    latitude: int | None = None
    longitude: int | None = None
    accuracy_m: _Number = 0
    age_s: _Number = 0
    mocked: bool = False
    denied: bool = False

    @property
    def is_known(self) -> bool:
        """Say whether there are coordinates, and on the earth."""
        latitude, longitude = self.latitude, self.longitude
        if latitude is None or longitude is None:
            return False
        return abs(latitude) <= 90 * _MILLIONTHS and abs(longitude) <= 180 * _MILLIONTHS


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of a visit's place, and how many metres it is from the outlet where known."""

    verdict: Verdict
    distance_m: int | None = None


def judge(place: Place, outlet: tuple[int | None, int | None]) -> Judged:
    """Say whether a place is at the outlet, whose latitude and longitude are given.

    A visit is never refused for its place: 640 m away, it is `far` with 640.
    """
    if place.denied or not place.is_known:
        return Judged("denied" if place.denied else "unknown")
    latitude, longitude = outlet
    if latitude is None or longitude is None:
        return Judged("unplaced")
    here = (place.latitude or 0, place.longitude or 0)
    distance = metres_between(here, (latitude, longitude))
    doubts: tuple[tuple[bool, Verdict], ...] = (
        (place.mocked, "mocked"),
        (place.age_s > OLDEST_S, "old"),
        (place.accuracy_m > RADIUS_M, "unsure"),
        (distance > RADIUS_M, "far"),
    )
    verdict = next((word for holds, word in doubts if holds), "verified")
    return Judged(cast("Verdict", verdict), distance)
