"""Makes ``python -m studio`` the same as the command ``layerloom``."""

from studio.cli import main

main()
