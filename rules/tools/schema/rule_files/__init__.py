"""The JSON Schema of rule files for editors, section by section as they are read."""
