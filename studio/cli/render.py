"""``layerloom render``."""


def render() -> None:
    """x."""
