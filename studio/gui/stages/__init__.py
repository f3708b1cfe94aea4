"""The stages of a training as a person sees and edits them along time."""
