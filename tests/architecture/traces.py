"""Words that tell of a machine or of how the project was made, and so have no place in it."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

TRACES = {
    "a path of one machine": r"(?<![\w.$}~])/(?:root|work|opt/\w+|home/\w+|Users/\w+)/",
    "a scratch path": r"(?<![\w.$}~])/(?:tmp|var/tmp)/\w",
    "the address of a package registry": r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org",
    "the number of an issue": r"(?i)\b(?:issue|ticket|pull request)s? #\d",
    "a note to oneself": r"\b(?:TODO|FIXME|XXX|HACK)\b",
}


def text_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Every text file that git keeps or would keep, with its path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        content = (root / name).read_bytes() if (root / name).is_file() else b"\0"
        if b"\0" not in content:
            yield Path(name), content.decode("utf-8")


def traces(path: Path, text: str) -> list[str]:
    """Each trace with its place, as `file:line: what it is: the line`."""
    return [
        f"{path}:{number}: {what}: {line.strip()[:120]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in TRACES.items()
        if re.search(pattern, line)
    ]
