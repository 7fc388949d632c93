"""Terminals for programs, each part a module of its own."""

from hub.desk.terminals.api import (
    cards,
    counters,
    diagnoses,
    enrolment,
    groups,
    sample,
    settling,
    software,
)

routers = (
    *(enrolment.router, counters.router, groups.router, cards.router, diagnoses.router),
    *(settling.router, software.router, sample.router),
)
__all__ = ["routers"]
