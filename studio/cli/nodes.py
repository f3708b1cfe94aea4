"""``layerloom nodes``: every node type, with its ports and settings."""

from __future__ import annotations

from dataclasses import MISSING, asdict
from typing import Any

from studio.cli.arguments import Json
from studio.cli.console import print_json, print_table
from studio.core.catalog import catalog
from studio.core.declaration import Setting
from studio.core.node_class import NodeClass


def nodes(*, json: Json = False) -> None:
    """List the node types: their ports, their settings and what they do."""
    if json:
        print_json([described(cls) for cls in catalog().nodes.values()])
        return
    for family, classes in catalog().families().items():
        rows = [[cls.__name__, ", ".join(setting.name for setting in cls.settings()), cls.doc()] for cls in classes]
        print_table(family, ["type", "settings", ""], rows)


def described(cls: type[NodeClass]) -> dict[str, Any]:
    """A node type as data."""
    return {
        "type": cls.__name__,
        "title": cls.title(),
        "family": cls.family(),
        "inputs": [asdict(port) for port in cls.inputs()],
        "outputs": list(cls.outputs),
        "settings": [_setting(setting) for setting in cls.settings()],
        "doc": cls.doc(),
    }


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "default": None if setting.default is MISSING else setting.default,
        "required": setting.default is MISSING,
        "meaning": setting.meaning,
        "choices": list(setting.choices),
        "low": setting.low,
        "high": setting.high,
    }
