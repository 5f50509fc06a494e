"""Say what each event asks and makes owed: a folder for each theme, and what gathers them."""
