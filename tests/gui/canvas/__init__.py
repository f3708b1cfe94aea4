"""What the canvas shows and what gestures do to it."""
