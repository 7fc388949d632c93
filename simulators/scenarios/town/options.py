"""What a fleet run is told, and what it needs of the machine."""

import resource
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from simulators.errors import UnavailableError
from simulators.faults.plan import FaultPlan, Strike

_OF_A_TERMINAL: Final = 14
"""Descriptors of a terminal in its street: files, locks, its link, a page of the catalogue."""
_AROUND: Final = 200
_AT_BROKER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOptions:
    """A fleet of `terminals` that orders `orders_per_s` times a second for `for_s` seconds.

    `database` is `sqlite`, `postgresql` (a server of the run's own) or a URL; `workers` processes
    take the orders where it is not SQLite, 0 being one hub that does everything. The terminals
    live in so many `processes`.
    """

    terminals: int = 40
    orders_per_s: float = 4.0
    for_s: float = 60.0
    seed: int = 1
    plan: FaultPlan
    database: str = "sqlite"
    workers: int = 0
    processes: int = 2
    staff: bool = True

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the hub keeps its books in its own file."""
        return self.database == "sqlite"

    def document(self) -> dict[str, Any]:
        """Write the options so that a bundle can hold them."""
        return asdict(self)


def options_of(document: Mapping[str, Any]) -> FleetOptions:
    """Read the options of a bundle; raises TypeError or KeyError where it holds others."""
    plan = dict(document["plan"])
    plan["fixed"] = tuple(Strike(**one) for one in plan["fixed"])
    return FleetOptions(**{**document, "plan": FaultPlan(**plan)})


def refuse_too_many(options: FleetOptions) -> None:
    """Raise UnavailableError where the machine has not enough descriptors, before anything starts.

    As many as the machine lets us have are asked for first.
    """
    wanted = max(
        options.terminals * _OF_A_TERMINAL // options.processes, options.terminals * _AT_BROKER
    )
    wanted += _AROUND
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if wanted > soft and (wanted <= hard or hard == resource.RLIM_INFINITY):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if wanted > soft:
        raise UnavailableError(
            f"{options.terminals:,} terminals need {wanted:,} descriptors and this machine gives "
            f"{hard:,}: raise them (ulimit -Hn), or ask for fewer terminals or more --processes"
        )
