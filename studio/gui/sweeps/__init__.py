"""Sweeps from the window: what varies is chosen in a dialog, and the trials are made by a process beside the window."""
