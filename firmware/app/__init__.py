"""The terminal put together: counter, postbox, printing, snapshots."""
