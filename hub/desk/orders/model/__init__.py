"""What an order is: its life, its request, its decision and the revisions that it goes through."""
