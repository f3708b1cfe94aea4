"""Data to learn from: one dataset per file."""
