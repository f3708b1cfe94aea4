"""Sweeps: what varies, how values are picked, and how trials are run and judged."""
