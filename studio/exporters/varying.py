"""What a format cannot hold over lengths that vary, said before any work."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from studio.core.problem import ProjectError

if TYPE_CHECKING:
    from studio.exporters.subject import Subject


def refuse_varying(subject: Subject, what: str, instead: str, types: Collection[str]) -> None:
    """Raise ProjectError where a node of one of these types reads values of a size that varies.

    torch.export would freeze the number of its steps.
    """
    for path, node_type in subject.varying.items():
        if node_type in types:
            raise ProjectError(
                f"{what} cannot hold {node_type} over a length that varies, as at {path}. "
                f"Give the Input a fixed length, or export as {instead}."
            )
