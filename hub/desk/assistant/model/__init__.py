"""What a question means: spelling, dates, amounts, names, intents; free of database and pages."""
