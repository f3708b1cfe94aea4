"""What a held mouse button does: each gesture is a small object that lives from press to release."""
