"""The dialog in which a person gives keys to actions."""
