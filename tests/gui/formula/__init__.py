"""Formulas: read, laid out, painted and spoken."""
