"""What every noun of the hub stands on: the database, time, ids, money, words, access."""
