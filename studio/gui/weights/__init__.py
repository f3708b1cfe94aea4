"""The weights with which networks begin: choosing them, and what of them fits."""
