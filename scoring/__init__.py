"""Judges, measures and evaluations, on the annotator's models."""
