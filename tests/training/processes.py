"""What the tests ask the system about processes."""

import time
from pathlib import Path


def gone(pid: int, *, seconds: float = 5) -> bool:
    """Whether a process has ended; one that nobody has collected yet counts as ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
