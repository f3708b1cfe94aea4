"""What a project is: immutable graphs of typed nodes, their shapes, their problems and their file."""
