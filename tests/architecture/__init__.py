"""The shape of the code itself: budgets, import directions, and words that have no place in it."""
