"""The pages of reports: what there is, a page for each, and tiles of the first page."""
