"""Codes of the sheet that are about the machine itself: its sounds, network and software."""

from terminal.app.machine.desk import MachineDesk, join_network

__all__ = ["MachineDesk", "join_network"]
