"""The hub: decides every order, keeps the books and shows them to the distributor's staff."""
