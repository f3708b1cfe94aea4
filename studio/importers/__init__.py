"""Turns models from elsewhere into editable projects: one file per source."""
