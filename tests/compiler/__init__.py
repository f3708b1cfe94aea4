"""Tests of studio/compiler."""
