"""A stand-in for the government's portal of e-invoices, with everything that can go wrong with it.

It is for tests and for trying things out: what it registers is registered nowhere.
"""

from simulators.portal.registry import Registered, Registry
from simulators.portal.server import SWITCHES, PortalServer, Switch

__all__ = ["SWITCHES", "PortalServer", "Registered", "Registry", "Switch"]
