"""A run seen from outside: its folder, its process, and what the two sides say to each other; neither torch nor Qt."""
