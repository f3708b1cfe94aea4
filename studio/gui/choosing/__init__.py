"""Dialogs that choose for a stage: what runs in it, what learns, and what learns in its own way."""
