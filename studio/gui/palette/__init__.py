"""Where nodes, blocks, templates and commands are found: the palette, the box to add, the command palette."""
