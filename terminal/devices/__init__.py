"""Drivers: scanners, printers, clocks and signals behind the ports of the core."""
