"""Tests of a run seen from outside."""
