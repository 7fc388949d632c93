"""Reports: one typed request for each, made by a form, a link or a question in words."""
