"""What a file or folder that a person brings into the window is, and what the window would do with it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from studio.core.opening import IN_RUN
from studio.gui.document import SUFFIX

IMAGES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm")
TABLES = (".csv", ".tsv")
ARRAYS = (".npz", ".npy")
MODELS = (".onnx", ".pt2")
WEIGHTS = (".safetensors", ".pth", ".pt")
WELCOME = (
    "a project (.loom), a run's folder, an image, a folder of images, a table (.csv), arrays (.npz, .npy) "
    "or weights (.safetensors, .pth)"
)


class Kind(Enum):
    """What a path leads to, as far as its name tells."""

    PROJECT = "project"
    RUN = "run"
    IMAGE = "image"
    DATA = "data"
    MODEL = "model"
    WEIGHTS = "weights"
    OTHER = "other"
    MISSING = "missing"


def kind_of(path: Path) -> Kind:
    """Nothing is read but names: what is inside is found out when it is opened."""
    if path.is_dir():
        return Kind.RUN if (path / IN_RUN).is_file() else Kind.DATA
    if not path.exists():
        return Kind.MISSING
    by_ending = {
        SUFFIX: Kind.PROJECT,
        **dict.fromkeys(IMAGES, Kind.IMAGE),
        **dict.fromkeys((*TABLES, *ARRAYS), Kind.DATA),
        **dict.fromkeys(MODELS, Kind.MODEL),
        **dict.fromkeys(WEIGHTS, Kind.WEIGHTS),
    }
    return by_ending.get(path.suffix.lower(), Kind.OTHER)


def refusal(paths: Sequence[Path]) -> str:
    """Why these cannot be taken, in words; empty where they can."""
    kinds = [kind_of(path) for path in paths]
    if len(paths) > 1 and set(kinds) != {Kind.PROJECT}:
        if set(kinds) == {Kind.IMAGE}:
            return "Bring one image at a time, or the folder that holds them all: it becomes the data of the project."
        return "Bring one file or folder at a time; only projects are opened several at once."
    if kinds[0] is Kind.MISSING:
        return f"There is no file {paths[0]}."
    if kinds[0] is Kind.OTHER:
        return f"{paths[0].name} is nothing that Layerloom opens. Bring {WELCOME}."
    return ""


def promise(paths: Sequence[Path], *, as_block: bool, is_trained: bool) -> str:
    """What letting go would do: one line over the window while something is dragged."""
    if sentence := refusal(paths):
        return sentence
    name = paths[0].name
    match kind_of(paths[0]):
        case Kind.PROJECT if len(paths) > 1:
            return f"Open {len(paths)} projects"
        case Kind.PROJECT:
            return f"Put {name} here as a block" if as_block else f"Open {name} (Ctrl: as a block here)"
        case Kind.RUN:
            return f"Open the run {name}"
        case Kind.IMAGE:
            return f"Ask the trained network about {name}" if is_trained else f"Use the folder of {name} as the data"
        case Kind.MODEL:
            return f"{name} cannot be imported yet"
        case Kind.WEIGHTS:
            return f"Begin with the weights of {name}"
    return f"Use {name} as the data of the project"


def home_of(image: Path) -> Path:
    """The folder of images to which one belongs: above the folder of its class where that has neighbours."""
    above = image.parent.parent
    neighbours = [each for each in above.iterdir() if each.is_dir() and _holds_images(each)]
    return above if len(neighbours) > 1 else image.parent


def _holds_images(folder: Path) -> bool:
    return any(each.suffix.lower() in IMAGES for each in folder.iterdir())
