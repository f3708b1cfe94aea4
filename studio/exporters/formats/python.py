"""The network as one file of PyTorch source, with its weights in a file beside it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from studio.compiler.class_source import ordered_imports
from studio.core.problem import ProjectError
from studio.core.shape import Shape
from studio.exporters.exporter import Exporter, Progress

if TYPE_CHECKING:
    from torch import Tensor

    from studio.exporters.subject import Subject

LOADER = '''

def load(weights: Path = Path(__file__).with_suffix(".pt")) -> {name}:
    """The network with its trained weights, ready to predict."""
    network = {name}()
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return network.eval()


if __name__ == "__main__":
    answer = load()({samples})
    print({shapes})
'''

ELSEWHERE = """
import sys
class Elsewhere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("studio", "nodes", "templates"):
            raise ImportError(name + " must not be needed")
sys.meta_path.insert(0, Elsewhere())
import runpy, torch
file, batches, answers = sys.argv[1:]
network = runpy.run_path(file)["load"]()
with torch.no_grad():
    torch.save([network(*inputs) for inputs in torch.load(batches, weights_only=True)], answers)
"""
"""Loads the file as somebody would who has torch and nothing of this package."""


class PythonExporter(Exporter):
    """Readable PyTorch that needs torch alone, and the weights in a .pt file of the same name."""

    name = "python"
    title = "Python source"
    suffix = ".py"
    tolerance = 1e-6

    def write(self, subject: Subject, path: Path, progress: Progress) -> None:
        import torch

        progress(0.2, "writing the source")
        path.write_text(_complete(subject), encoding="utf-8")
        progress(0.4, "writing the weights")
        torch.save(subject.module.state_dict(), path.with_suffix(".pt"))

    def answers(self, subject: Subject, path: Path, batches: Sequence[Sequence[Tensor]]) -> list[tuple[Tensor, ...]]:
        import torch

        from studio.exporters.subject import as_tuple

        with TemporaryDirectory(prefix="layerloom-") as folder:
            given, got = Path(folder, "inputs.pt"), Path(folder, "answers.pt")
            torch.save([list(inputs) for inputs in batches], given)
            command = [sys.executable, "-P", "-c", ELSEWHERE, str(path), str(given), str(got)]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise ProjectError(f"The exported file does not run by itself: {_last_line(done.stderr)}")
            return [as_tuple(answer) for answer in torch.load(got, weights_only=True)]


def _complete(subject: Subject) -> str:
    """The source with what loads the weights behind it."""
    samples = ", ".join(_sample(shape) for shape in subject.inputs.values())
    shapes = "answer.shape" if len(subject.outputs) == 1 else "*(each.shape for each in answer)"
    loader = LOADER.format(name=subject.source.class_name, samples=samples, shapes=shapes)
    return _with_imports(subject.source.text, "from pathlib import Path", "import torch") + loader


def _with_imports(text: str, *wanted: str) -> str:
    """The source with these import lines among its own, standard library first."""
    title, _, rest = text.partition("\n\n")
    block = re.match(r"(?:(?:import |from ).*\n|\n(?=import |from ))*", rest)
    assert block is not None  # the pattern also matches nothing
    imports = ordered_imports({*filter(None, block[0].splitlines()), *wanted})
    return "\n".join([title, "", *imports, rest[block.end() :]])


def _sample(shape: Shape) -> str:
    """Source of random values of this shape, two samples of them."""
    sizes = ", ".join(str(size) if isinstance(size, int) else "8" for size in (2, *shape.sizes))
    return f"torch.rand({sizes})" if shape.dtype == "float" else f"torch.zeros({sizes}, dtype=torch.{_dtype(shape)})"


def _dtype(shape: Shape) -> str:
    return "bool" if shape.dtype == "bool" else "long"


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it ended without a word"])[-1]
