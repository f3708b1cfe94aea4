"""Random settings and sizes: what a node accepts torch accepts too, with the same shapes and weights."""

from typing import Any, Literal, get_args, get_origin

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.declaration import Setting
from studio.core.node_class import NodeClass
from studio.core.problem import Mismatch
from studio.core.shape import Shape

from .examples import Example, classes, examples_of, shape_given
from .test_nodes import check_refusal

SMALL = 6


def values_of(setting: Setting, current: Any) -> st.SearchStrategy[Any]:
    """Small values that the setting's type allows, and often the one it has."""
    kind = setting.type
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if kind is bool:
        return st.booleans()
    low = int(setting.low or 0)
    if kind is int:
        return st.just(current) | st.integers(low, SMALL)
    if isinstance(current, int) and setting.low is not None:
        count = max(len(get_args(part)) for part in get_args(kind))
        return st.integers(low, SMALL) | st.tuples(*[st.integers(low, SMALL)] * count)
    return st.just(current)


def shapes_like(shape: Shape) -> st.SearchStrategy[Shape]:
    """The shape with other sizes, not all of them different."""
    sizes = [st.integers(1, 12) | st.just(size if isinstance(size, int) else 7) for size in shape.sizes]
    return st.tuples(*sizes).map(lambda drawn: shape.resized(*drawn))


@st.composite
def varied_examples(draw: st.DrawFn, cls: type[NodeClass]) -> Example:
    example = draw(st.sampled_from(list(examples_of(cls))))
    chosen = {setting.name: draw(values_of(setting, getattr(example.node, setting.name))) for setting in cls.settings()}
    keep = draw(st.booleans())
    shapes = example.with_numbers().shapes
    return Example(cls.of(chosen), shapes if keep else tuple(draw(shapes_like(shape)) for shape in shapes))


@pytest.mark.parametrize("cls", [cls for cls in classes() if cls.inputs()], ids=lambda cls: cls.__name__)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(data=st.data())
def test_what_a_node_accepts_torch_accepts_too(cls: type[NodeClass], data: st.DataObject) -> None:
    example = data.draw(varied_examples(cls))
    try:
        outputs = example.outputs()
    except Mismatch as error:
        check_refusal(example, error)
        return
    with torch.device("meta"):
        results, evaluation = example.run(batch=3)
    for shape, result in zip(outputs, results, strict=True):
        assert shape.sizes == shape_given(result, shape), example
    learned = {name: tuple(p.shape) for module in evaluation.modules for name, p in module.named_parameters()}
    assert dict(example.node.weights(*example.shapes)) == learned, example
