"""Disks that are full or cannot be written: said at the counter, and tried until they can be."""

from terminal.app.disk.waiting import open_store, wait_for_disk
from terminal.app.disk.watch import DiskWatch, is_of_disk

__all__ = ["DiskWatch", "is_of_disk", "open_store", "wait_for_disk"]
