"""The assistant: a question in words becomes the typed request of a report, or a plain answer why not."""
