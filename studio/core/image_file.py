"""Reads image files that nobody has checked: broken and huge ones end in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.core.dataset import LONGEST_SIDE, DataError

if TYPE_CHECKING:
    import numpy
    from PIL.Image import Image

MOST_PIXELS = 64_000_000


def decode(path: Path, size: tuple[int, int, int]) -> numpy.ndarray[Any, Any]:
    """The image as bytes (C, H, W), upright and scaled to the size. Raises DataError for a broken or huge file."""
    import numpy
    from PIL import Image, ImageOps

    channels, height, width = size
    mode = "L" if channels == 1 else "RGB"
    with opened(path) as image:
        try:
            image.draft(mode, (width, height))
            upright = ImageOps.exif_transpose(_eight_bits(image)).convert(mode)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise DataError(f"{path} cannot be decoded ({error}). Repair or remove it.") from None
    if upright.size != (width, height):
        upright = upright.resize((width, height), Image.Resampling.BILINEAR)
    return numpy.atleast_3d(numpy.asarray(upright)).transpose(2, 0, 1)


def opened(path: Path) -> Image:
    """The image with its header read but not decoded. Raises DataError."""
    from PIL import Image, UnidentifiedImageError

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        image = Image.open(path)
    except bombs as error:
        raise DataError(f"{path} is too large: {error}") from None
    except UnidentifiedImageError:
        raise DataError(f"{path} is not an image that can be read. Repair or remove it.") from None
    except FileNotFoundError:
        raise DataError(f"{path} cannot be opened: it is not there, or no longer. Bring it back.") from None
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError(f"{path} cannot be opened ({error}). Repair or remove it.") from None
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        image.close()
        raise DataError(f"{path} has {width:,} × {height:,} pixels, more than {MOST_PIXELS:,}. Make it smaller.")
    return image


def _eight_bits(image: Image) -> Image:
    """Pillow cuts 16-bit grey off at 255 where it should scale it."""
    import numpy
    from PIL import Image

    if not image.mode.startswith("I"):
        return image
    return Image.fromarray((numpy.asarray(image).astype(numpy.uint32) >> 8).clip(0, 255).astype(numpy.uint8))
