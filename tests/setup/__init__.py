"""Setting up: the commands of README, the versions allowed, the system libraries named."""
