"""Tests of studio/core."""
