"""The field team: its days, beats and visits, and the phone that keeps them, connected or not."""
