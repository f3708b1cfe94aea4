"""The docks below the canvas, one file each."""
