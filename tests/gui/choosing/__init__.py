"""What is chosen for a stage in dialogs."""
