"""The training process: the only room, with exporters and importers, that imports torch."""
