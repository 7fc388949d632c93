"""Delivery notes, pick lists and trips as they are shown, in the reader's scope."""
