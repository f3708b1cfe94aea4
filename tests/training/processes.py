"""What the tests ask the system about processes."""

import time
from pathlib import Path


def gone(pid: int, *, seconds: float = 5) -> bool:
    """Whether a process has ended with all its threads; one that nobody has collected yet counts as ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
        except (FileNotFoundError, ProcessLookupError):
            return True
        # Until its last thread has ended a killed process keeps its files open, and locked.
        if state == "Z" and threads == 1:
            return True
        time.sleep(0.02)
    return False
