"""Hundreds of simulated counters, each a real terminal, in one program."""

from simulators.fleet.counter import (
    SUBMIT,
    Asked,
    MisreadError,
    SimulatedCounter,
    codes_of,
)
from simulators.fleet.fleet import Fleet, FleetError

__all__ = ["SUBMIT", "Asked", "Fleet", "FleetError", "MisreadError", "SimulatedCounter", "codes_of"]
