"""Layerloom: draw neural networks, watch them train, look inside them, and leave with real PyTorch."""
