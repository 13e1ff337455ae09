"""The pages of scoring, a file for each."""
