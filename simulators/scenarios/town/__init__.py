"""A town of shops: streets of real terminals in processes of their own, and all that befalls it."""
