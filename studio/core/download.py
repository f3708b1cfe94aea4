"""Fetches files over the network: checked, resumable, and explained where there is no network."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.dataset import DataError, DataMissing, Progress

if TYPE_CHECKING:
    from http.client import HTTPResponse

PIECE = 1 << 18
PARTIAL_CONTENT = 206
PATIENCE = 20.0
"""Seconds without an answer after which a server counts as gone."""

MIRROR = "LAYERLOOM_MIRROR"
"""Environment variable with an address that is asked first, for rooms in which many need the same files."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file by name, with what its authors publish of it: the bytes it has, an MD5 sum or how its SHA-256 sum begins.

    ``size`` is 0 where only the server knows it.
    """

    size: int = 0
    md5: str = ""
    sha256: str = ""


def missing(files: Mapping[str, RemoteFile], folder: Path) -> list[str]:
    """Names of the files that are not in the folder."""
    return [name for name in files if not (folder / name).is_file()]


def fetch(title: str, files: Mapping[str, RemoteFile], addresses: Sequence[str], folder: Path, tell: Progress) -> None:
    """Bring the missing files into the folder; what was begun before goes on. Raises DataMissing.

    ``addresses`` are tried in order; each ends where a file's name begins.
    """
    names = missing(files, folder)
    first = os.environ.get(MIRROR, "").rstrip("/")
    tried = (*([f"{first}/"] if first else []), *addresses)
    sizes = [files[name].size for name in names]
    for at, name in enumerate(names):
        try:
            for received, size in _received(folder / name, files[name], tried):
                sizes[at] = size
                tell(f"Downloading {title}", min(1.0, (sum(sizes[:at]) + received) / sum(sizes)))
        except OSError as error:
            hint = _by_hand(title, names, addresses, folder)
            raise DataMissing(f"{title} could not be downloaded ({_reason(error)}). {hint}") from None


def require(title: str, files: Mapping[str, RemoteFile], addresses: Sequence[str], folder: Path) -> None:
    """Raises DataMissing where a file is not in the folder."""
    if names := missing(files, folder):
        hint = _by_hand(title, names, addresses, folder)
        raise DataMissing(f"{title} is not downloaded yet. {hint}", downloadable=True)


def _by_hand(title: str, names: Sequence[str], addresses: Sequence[str], folder: Path) -> str:
    """How to get the files by hand."""
    return f"To bring {title} here by hand, put {', '.join(names)} from {addresses[0]} into {folder}."


def check(path: Path, file: RemoteFile) -> None:
    """Raises DataError where the file is not the one its authors published."""
    if not _is_right(path, file):
        kind = "SHA-256" if file.sha256 else "MD5"
        raise DataError(f"{path} is damaged or another file (its {kind} sum differs). Delete it and download it again.")


def _is_right(path: Path, file: RemoteFile) -> bool:
    with path.open("rb") as stream:
        if file.sha256:
            return hashlib.file_digest(stream, "sha256").hexdigest().startswith(file.sha256)
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == file.md5


def _received(path: Path, file: RemoteFile, addresses: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The bytes that are here and those of the whole, while the file arrives from the first address that has it.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    for address in addresses:
        try:
            yield from _arriving(address + path.name, part, file)
            _keep(part, path, file)
            return
        except OSError as error:
            reason = error
    raise reason


def _arriving(address: str, part: Path, file: RemoteFile) -> Iterator[tuple[int, int]]:
    """Bytes received so far, of how many, while the rest is added to the partial file. Raises OSError."""
    begun = part.stat().st_size if part.exists() else 0
    if begun >= file.size > 0 or (begun and not file.size and _is_right(part, file)):
        return
    with closing(_open(address, begun)) as answer:
        begun = begun if answer.status == PARTIAL_CONTENT else 0
        whole = file.size or begun + (answer.length or 0)
        with part.open("ab" if begun else "wb") as target:
            while begun <= whole and (piece := _piece(answer)):
                target.write(piece)
                begun += len(piece)
                yield begun, whole
    if begun < whole:
        raise OSError("the connection broke off; what arrived is kept, and another try goes on from there")


def _open(address: str, begun: int) -> HTTPResponse:
    """The server's answer, from the byte on where the file breaks off. Raises OSError."""
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    if not address.startswith(("http://", "https://")):
        raise OSError(f"{address} is not a web address")
    headers = {"User-Agent": "Layerloom", **({"Range": f"bytes={begun}-"} if begun else {})}
    try:
        answer: HTTPResponse = urlopen(Request(address, headers=headers), timeout=PATIENCE)
    except HTTPError as error:
        with error:
            raise OSError(f"the server says {error.code}, {error.reason}") from None
    except (HTTPException, ValueError) as error:
        raise OSError(f"the server's answer is not understood: {error}") from error
    return answer


def _piece(answer: HTTPResponse) -> bytes:
    from http.client import HTTPException

    try:
        return answer.read(PIECE)
    except HTTPException as error:
        raise OSError(f"the connection broke off: {error}") from error


def _keep(part: Path, path: Path, file: RemoteFile) -> None:
    """Give the file its name if it is whole and right. Raises OSError."""
    if not _is_right(part, file):
        part.unlink()
        raise OSError("another file than the authors published arrived, and was deleted")
    part.replace(path)


def _reason(error: OSError) -> str:
    """What went wrong, without the layers that urllib puts around it."""
    inner = getattr(error, "reason", error)
    return str(getattr(inner, "strerror", None) or inner)
