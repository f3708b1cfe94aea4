"""The torch code of layers that torch.nn lacks, as text that a source carries along."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path


def carried_source(modules: Iterable[str]) -> tuple[set[str], list[str]]:
    """Import lines and text of the layers that torch.nn lacks."""
    imports: set[str] = set()
    lines: list[str] = []
    for module in modules:
        text, tree = _tree(module)
        for part in tree.body:
            if isinstance(part, ast.Import | ast.ImportFrom):
                imports.add(ast.unparse(part))
            elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
                start = min([part.lineno, *(d.lineno for d in getattr(part, "decorator_list", []))])
                gap = [""] if not lines and isinstance(part, ast.Assign | ast.AnnAssign) else ["", ""]
                lines += [*gap, *text.splitlines()[start - 1 : part.end_lineno]]
    imports.discard("from __future__ import annotations")
    return imports, lines


def carried_names(module: str) -> set[str]:
    """What the text of this layer's file declares."""
    _, tree = _tree(module)
    return {part.name for part in tree.body if isinstance(part, ast.ClassDef | ast.FunctionDef)}


@cache
def _tree(module: str) -> tuple[str, ast.Module]:
    spec = find_spec("nodes")
    folders = spec.submodule_search_locations if spec is not None else None
    text = (Path(next(iter(folders or []))) / "modules" / f"{module}.py").read_text(encoding="utf-8")
    return text, ast.parse(text)
