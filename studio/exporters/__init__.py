"""Writes a network in a format that others read: one file per format, each reloaded and compared before it is kept."""
