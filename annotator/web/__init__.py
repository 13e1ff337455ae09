"""What pages and the API answer with alike."""
