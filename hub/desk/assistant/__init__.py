"""The assistant: a question in words becomes a report's typed request, or a plain why not."""
