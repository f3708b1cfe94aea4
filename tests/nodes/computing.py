"""What a node answers for given tensors, computed by torch without the compiler."""

from typing import Any

from torch import Tensor

from studio.core.node_class import NodeClass, values_for
from studio.core.shape import Shape
from tests.contracts.evaluate import Evaluation


def answers(node: NodeClass, *given: tuple[Shape, Tensor]) -> list[Any]:
    """What every output holds; the values go to the input ports in order."""
    shapes, tensors = [shape for shape, _ in given], [tensor for _, tensor in given]
    node.infer(*shapes)
    ports = type(node).inputs()
    if ports[-1].variadic:
        arriving = {ports[0].name: tuple(shapes)}
        inputs = {(ports[0].name, at): tensor for at, tensor in enumerate(tensors)}
    else:
        arriving = {port.name: (shape,) for port, shape in zip(ports, shapes, strict=False)}
        inputs = {(port.name, 0): tensor for port, tensor in zip(ports, tensors, strict=False)}
    built = node.build(*values_for(ports, arriving))
    evaluation = Evaluation(inputs)
    return [evaluation.output(each) for each in (built if isinstance(built, tuple) else (built,))]


def answer(node: NodeClass, *given: tuple[Shape, Tensor]) -> Tensor:
    """What the first output holds."""
    result: Tensor = answers(node, *given)[0]
    return result
