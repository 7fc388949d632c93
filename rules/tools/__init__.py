"""What works on whole packs: cases, lint, replay, explanations, schemas, signing and building."""
