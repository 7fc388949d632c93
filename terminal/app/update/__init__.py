"""Updates of the machine's own software: signed bundles, put into the slot that is free."""
