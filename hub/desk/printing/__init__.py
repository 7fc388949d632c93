"""Print runs: the files of many documents, drawn by jobs, told of when ready, kept for a week."""
