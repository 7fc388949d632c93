"""The days on which is worked: the week, holidays and other days, by seller and region."""
