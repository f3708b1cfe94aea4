"""Turns the names people give into Python identifiers, so that no name can ever be code."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable

RESERVED = frozenset(
    {
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        "self",
        "torch",
        "nn",
        "F",
        "x",
        "math",
        "loss",
        "measure",
        "show",
        "figures",
    }
)
# fmt: off
MODULE_NAMES = frozenset(
    {
        "add_module", "apply", "bfloat16", "buffers", "children", "compile", "cpu", "cuda", "double", "eval",
        "extra_repr", "float", "forward", "get_buffer", "get_parameter", "get_submodule", "half", "ipu",
        "load_state_dict", "modules", "mtia", "named_buffers", "named_children", "named_modules",
        "named_parameters", "parameters", "register_buffer", "register_module", "register_parameter",
        "requires_grad_", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train", "training",
        "type", "xpu", "zero_grad",
    }
)
# fmt: on
"""What every torch module has already, so that no node may take its place."""


def identifier(name: str) -> str:
    """Lower-case identifier of a name: ``C1`` is c1, ``Tanh 2`` is tanh_2; reserved words get an underscore."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    text = re.sub(r"[^0-9a-zA-Z]+", "_", text).strip("_").lower()[:60]
    if not text or text[0].isdigit():
        text = f"node_{text}".rstrip("_")
    return f"{text}_" if text in RESERVED or text in MODULE_NAMES else text


def class_name(name: str) -> str:
    """Class name of a graph: ``LeNet-5`` is LeNet5, ``residual block`` is ResidualBlock."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[0-9a-zA-Z]+", text)
    joined = "".join(word[0].upper() + word[1:] for word in words)[:60]
    if not joined or joined[0].isdigit():
        joined = f"Graph{joined}"
    return f"{joined}_" if joined in RESERVED or joined in ("Tensor", "Path") else joined


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """An identifier for each name, no two alike."""
    return distinct({name: identifier(name) for name in names})


def distinct(wanted: dict[str, str]) -> dict[str, str]:
    """The wanted names with numbers behind those that occur twice."""
    taken: set[str] = set()
    result: dict[str, str] = {}
    for key, text in wanted.items():
        free, number = text, 2
        while free in taken:
            free, number = f"{text}_{number}", number + 1
        taken.add(free)
        result[key] = free
    return result
