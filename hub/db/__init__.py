"""Tables, queries, migrations and the unit of work; every difference between engines is here."""
