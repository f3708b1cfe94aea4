"""Whether what flows out of one node is of a kind that another takes, before they are linked."""

from __future__ import annotations

from studio.compiler.inference import arranged
from studio.compiler.results import GraphResult
from studio.core.graph import Link
from studio.core.problem import Mismatch, WrongKind


def kind_refusal(result: GraphResult, link: Link) -> str | None:
    """Why no value of this kind can go there, in words.

    None where it can, where one node between them would do, and where not enough is known yet.
    """
    source, target = result.nodes.get(link.source), result.nodes.get(link.target)
    shape = source.outputs.get(link.output) if source is not None else None
    if shape is None or target is None or target.instance is None:
        return None
    ports = target.instance.inputs()
    variadic = any(port.name == link.input and port.variadic for port in ports)
    others = target.inputs.get(link.input, ()) if variadic else ()
    arriving = {**target.inputs, link.input: (*others, shape)}
    if any(port.required and not port.variadic and not arriving.get(port.name) for port in ports):
        return None
    try:
        target.instance.infer(*arranged(ports, arriving))
    except WrongKind as error:
        return error.message if error.port == link.input and not error.repairs else None
    except Mismatch:
        return None
    return None
