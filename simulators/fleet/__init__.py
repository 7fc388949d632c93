"""Hundreds of simulated counters, each a real terminal, in one program."""

from simulators.fleet.counter import SUBMIT, Asked, SimulatedCounter, codes_of
from simulators.fleet.fleet import Fleet
from simulators.fleet.loops import run_in_loops

__all__ = ["SUBMIT", "Asked", "Fleet", "SimulatedCounter", "codes_of", "run_in_loops"]
