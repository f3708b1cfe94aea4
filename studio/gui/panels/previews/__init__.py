"""What Preview nodes show over a training: pictures, films, points and numbers, and the panel they stand in."""
