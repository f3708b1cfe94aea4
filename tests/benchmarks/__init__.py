"""Timings with medians and ratios, run by hand and never asserted in the suite."""
