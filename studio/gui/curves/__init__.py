"""Curves of a training that cost the same to draw however long it has run."""
