"""Rule packs in the database: versions, which one serves, and what drafts would have decided."""
