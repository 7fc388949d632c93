"""The field team: their days, beats and visits, and the phone that keeps both without a connection."""
