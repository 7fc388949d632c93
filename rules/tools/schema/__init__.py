"""The JSON documents of the commands and of rule files: reading, writing, and their schemas."""
