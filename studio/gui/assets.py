"""Where the files that ship with the studio lie."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "assets"
