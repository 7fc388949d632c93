"""Terminals for programs, each part a module of its own."""

from hub.desk.terminals.api import cards, counters, enrolment, settling

routers = (enrolment.router, counters.router, cards.router, settling.router)
__all__ = ["routers"]
