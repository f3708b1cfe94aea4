"""Rules that hold for every node, template and dataset, the ones that do not exist yet included."""
