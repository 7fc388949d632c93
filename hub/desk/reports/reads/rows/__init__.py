"""The rows that reports are made from: tables with their joins, one source a kind of rows."""
