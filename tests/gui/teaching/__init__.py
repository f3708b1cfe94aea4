"""Teaching cards in the inspector and over the canvas."""
