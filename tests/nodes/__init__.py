"""Tests of the node classes."""
