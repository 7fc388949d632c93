"""Invoices and credit notes: what is billed of orders and deliveries, by series, for ever."""
