"""What works on whole packs with the engine: running the cases they carry."""
