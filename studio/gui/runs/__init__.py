"""Runs as a table: its rows, its columns, and what reads them beside the window."""
