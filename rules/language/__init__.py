"""Rule files: from YAML and CSV to a checked pack, with every fault named."""
