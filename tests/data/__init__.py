"""Tests of nodes/data: what each dataset reads, and what it says when it cannot."""
