"""What is judged of a school, on what grounds, and what is of concern."""
