"""Training as the window sees it: one worker process, its states, and what it shows."""
