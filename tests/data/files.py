"""Writes data files in the formats that datasets read, and serves them on this computer."""

from __future__ import annotations

import functools
import gzip
import hashlib
import io
import struct
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from studio.core.download import RemoteFile

Array = np.ndarray[Any, Any]


def digits(count: int, *, seed: int = 0, size: tuple[int, ...] = (28, 28)) -> tuple[Array, Array]:
    """Random images and labels in which every one of ten classes appears."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, *size), np.uint8), rng.permutation(np.arange(count) % 10).astype(np.uint8)


def idx(array: Array) -> bytes:
    """The array in the IDX format, packed, as MNIST is published."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), mtime=0)


def mnist_files(train: int = 40, test: int = 20) -> dict[str, bytes]:
    (images, labels), (test_images, test_labels) = digits(train), digits(test, seed=1)
    return {
        "train-images-idx3-ubyte.gz": idx(images),
        "train-labels-idx1-ubyte.gz": idx(labels),
        "t10k-images-idx3-ubyte.gz": idx(test_images),
        "t10k-labels-idx1-ubyte.gz": idx(test_labels),
    }


def cifar_archive(count: int = 20, *, leave_out: str = "", as_link: str = "") -> bytes:
    """The binary version of CIFAR-10 with ``count`` samples in each of its six files."""
    buffer = io.BytesIO()
    names = [*(f"data_batch_{n}.bin" for n in range(1, 6)), "test_batch.bin"]
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for seed, name in enumerate(names):
            images, labels = digits(count, seed=seed, size=(3, 32, 32))
            content = np.concatenate([labels[:, None], images.reshape(count, -1)], 1).tobytes()
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            if name == as_link:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(member)
            elif name != leave_out:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def write(folder: Path, files: dict[str, bytes]) -> dict[str, RemoteFile]:
    """Put the files into the folder; their sizes and sums."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return described(files)


def described(files: dict[str, bytes]) -> dict[str, RemoteFile]:
    return {name: RemoteFile(len(data), hashlib.md5(data).hexdigest()) for name, data in files.items()}


def write_images(folder: Path, classes: dict[str, int], size: tuple[int, int] = (12, 10), mode: str = "RGB") -> None:
    """Some images of height × width for each class, in a folder each."""
    rng = np.random.default_rng(len(classes))
    for name, count in classes.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            pixels = rng.integers(0, 256, (*size, 3), np.uint8)
            Image.fromarray(pixels).convert(mode).save(folder / name / f"{number}.png")


class _Ranges(SimpleHTTPRequestHandler):
    """Serves files, also from a byte on, as the servers of the datasets do."""

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        self.server.asked.append((path.name, self.headers.get("Range")))  # type: ignore[attr-defined]
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(content[start:])


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The address of a server that offers the folder, and what it is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Ranges, directory=str(folder)))
    server.daemon_threads = False  # closing waits for the last answer
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", server.asked  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def quiet(_what: str, _share: float) -> None:
    """Progress that nobody watches."""
