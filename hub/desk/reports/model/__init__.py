"""What a report is asked by, free of database and pages."""
