"""What goes wrong on purpose: cut links, killed programs."""

from simulators.faults.child import Child, python_module
from simulators.faults.ports import free_port, is_free, port_near
from simulators.faults.proxy import Proxy

__all__ = ["Child", "Proxy", "free_port", "is_free", "port_near", "python_module"]
