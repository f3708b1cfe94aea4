"""Every row of the table of gestures, in the real window."""
