"""Which layer decides how many channels or features arrive somewhere."""

from __future__ import annotations

from typing import NamedTuple

from studio.compiler.results import GraphResult, NodeResult

WIDTHS = ("filters", "features", "classes")
"""Settings that say how many channels or features leave a layer."""
FARTHEST = 8


class Maker(NamedTuple):
    """A layer and its setting that makes a size."""

    graph: str
    node: str
    setting: str


def maker_of(result: GraphResult, source: str, output: str) -> Maker | None:
    """The layer that makes the width of an output; None where a change of it would be felt elsewhere too.

    Between the two stand only nodes that keep the width, such as an activation; a network is looked into.
    """
    place = answering(result, source, output)
    for _ in range(FARTHEST):
        if place is None:
            return None
        inside, name = place
        found = inside.nodes[name]
        if found.instance is None or len(inside.graph.links.out_of.get(name, ())) > 1:
            return None
        setting = next((each for each in WIDTHS if hasattr(found.instance, each)), "")
        if setting and not found.node.bypassed:
            return Maker(inside.name, name, setting) if _decides(found, setting) else None
        links = inside.graph.links.into.get(name, ())
        place = (inside, links[0].source) if len(links) == 1 and _keeps_width(found) else None
    return None


def answering(result: GraphResult, source: str, output: str) -> tuple[GraphResult, str] | None:
    """The node whose value leaves an output: of a network what feeds its Output inside, else the source itself."""
    found = result.nodes.get(source)
    if found is None or found.node.type != "Network":
        return (result, source) if found is not None else None
    feeding = found.inner.graph.links.into.get(output, ()) if found.inner is not None else ()
    return answering(found.inner, feeding[0].source, feeding[0].output) if found.inner and feeding else None


def _decides(found: NodeResult, setting: str) -> bool:
    """Whether the setting is a plain number, and the size of an axis that leaves."""
    value = getattr(found.instance, setting)
    is_plain = not isinstance(found.node.settings.get(setting, value), str)
    return is_plain and any(value in (*shape.sizes[:1], *shape.sizes[-1:]) for shape in found.outputs.values())


def _keeps_width(found: NodeResult) -> bool:
    arriving = [shape for shapes in found.inputs.values() for shape in shapes]
    leaving = list(found.outputs.values())
    if len(arriving) != 1 or len(leaving) != 1 or arriving[0].axes != leaving[0].axes or not arriving[0].axes:
        return False
    at = 0 if arriving[0].axes[0] == "C" else -1
    return arriving[0].sizes[at] == leaving[0].sizes[at]
