"""What is exported gives the same outputs where it is loaded again."""
