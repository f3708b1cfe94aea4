"""Tests of studio/engine."""
