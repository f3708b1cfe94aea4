"""The canvas: a graph painted in one go, and the gestures that edit it."""
