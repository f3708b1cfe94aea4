"""Whole architectures to start from: one file per architecture or family, each a recipe that draws a project."""
