"""Learning rates that are tried on the open project, and the one that is chosen."""
