"""Sweeps from the window."""
