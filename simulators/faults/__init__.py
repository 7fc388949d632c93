"""What goes wrong on purpose: cut links, killed programs."""

from simulators.faults.child import Child, python_module
from simulators.faults.ports import free_port, port_or_free
from simulators.faults.proxy import Proxy

__all__ = ["Child", "Proxy", "free_port", "port_or_free", "python_module"]
