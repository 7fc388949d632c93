"""The text of rule files as nodes and fields, each with its place, and the faults found there."""
