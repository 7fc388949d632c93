"""Warehouses and batches as they are loaded, what moves them, and what scanners read."""

from hub.desk.stock.model.records import BatchRecord, WarehouseRecord

__all__ = ["BatchRecord", "WarehouseRecord"]
