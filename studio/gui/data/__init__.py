"""A view of the samples that a network learns from."""
