"""From the broker to decisions and back: queue, group commit, answers."""
