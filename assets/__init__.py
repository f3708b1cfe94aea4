"""Fonts, icons, embedded data and sample pictures, installed beside the code that shows them."""
