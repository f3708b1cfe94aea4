"""``layerloom predict``: what a trained network makes of files."""


def predict() -> None:
    """x."""
