"""Rule packs: versions, who published them, and the one in force."""
