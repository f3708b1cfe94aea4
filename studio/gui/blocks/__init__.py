"""Blocks as a person works with them: made, placed, entered, dissolved, and kept for other projects."""
