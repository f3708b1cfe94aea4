"""Changing a training while it runs."""
