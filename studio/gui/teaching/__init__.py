"""Teaching cards: what a node computes, for what, and how its numbers come about."""
