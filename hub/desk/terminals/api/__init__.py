"""Terminals for programs, each part a module of its own."""

from hub.desk.terminals.api import counters, enrolment, settling

routers = (enrolment.router, counters.router, settling.router)
__all__ = ["routers"]
