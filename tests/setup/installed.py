"""Run by `make wheel-test` in an environment that holds the wheel alone: everything it needs must have travelled."""

import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path


def main(listing: Path) -> None:
    """Exits with a sentence if the studio comes from a checkout or a file of the listing was left behind."""
    spec = find_spec("studio")
    if spec is None or spec.origin is None or "site-packages" not in spec.origin:
        sys.exit("The studio was not found in the environment's site-packages.")
    wanted = [name for name in listing.read_text().split("\n") if name and not name.startswith("assets/screenshots/")]
    left_behind = [name for name in wanted if not _travelled(name)]
    if left_behind:
        sys.exit(f"{len(left_behind)} files are missing from the wheel: {', '.join(left_behind[:10])}")
    print(f"The wheel carries all {len(wanted)} files.")


def _travelled(name: str) -> bool:
    package, _, rest = name.partition("/")
    return files(package).joinpath(rest).is_file()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
