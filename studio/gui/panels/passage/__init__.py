"""What goes into a node and what comes out of it: activations, dropout and norms at work."""
