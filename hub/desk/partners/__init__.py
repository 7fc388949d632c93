"""Partners: people of the parties that buy, what they see first, and how they are let in."""
