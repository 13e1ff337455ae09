"""Questions, people and their annotations."""
