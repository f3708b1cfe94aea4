"""Tests of how graphs are laid out."""
