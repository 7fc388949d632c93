"""The life of rule packs: versions, their states, and which step may follow."""
