"""Corpora, engines and frozen retrievals. Knows no question."""
