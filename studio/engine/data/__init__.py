"""Data as the training loop wants it: split, prepared, varied and cut into batches."""
