"""Every node class keeps its word to torch, to the form and to the person; a new class is tested by existing."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from studio.core.catalog import catalog
from studio.core.declaration import Declaration
from studio.core.node_class import Loss, Metric, NodeClass
from studio.core.problem import Assign, Insert, Mismatch, Remove, Replace, Search, Suggestion
from studio.core.shape import LOSS, Shape

from .examples import ODD_SHAPES, Example, all_examples, classes, examples_of, shape_given, size_of

FAMILIES = {
    "Data",
    "Convolution",
    "Pooling & resize",
    "Activation",
    "Norm & dropout",
    "Linear & embedding",
    "Combine & reshape",
    "Sequence",
    "Attention",
    "Detection",
    "Loss & metrics",
}

every_class = pytest.mark.parametrize("cls", classes(), ids=lambda cls: cls.__name__)
every_declared = pytest.mark.parametrize("cls", catalog().nodes.values(), ids=lambda cls: cls.__name__)
every_example = pytest.mark.parametrize("example", all_examples(), ids=str)


@every_declared
def test_a_node_says_what_it_is_for(cls: type[NodeClass]) -> None:
    doc = cls.__dict__.get("__doc__") or ""
    assert doc, "a docstring is missing"
    assert not doc.startswith(f"{cls.__name__}("), "the docstring is the one that dataclasses make"
    assert cls.doc().endswith("."), cls.doc()
    assert cls.family() in FAMILIES


@every_declared
def test_every_setting_has_a_meaning_and_a_default(cls: type[NodeClass]) -> None:
    for setting in cls.settings():
        assert setting.meaning, f"{setting.name} has no meaning"
    cls.of({})
    assert set(cls.shown) <= {setting.name for setting in cls.settings()}


@every_class
def test_a_node_class_has_examples(cls: type[NodeClass]) -> None:
    assert cls.examples, "without an example nothing holds the class to torch"


@every_class
def test_settings_survive_a_round_trip(cls: type[NodeClass]) -> None:
    for example in examples_of(cls):
        again = cls.of(example.node.values())
        assert again == example.node
        assert Declaration.values(again) == example.node.values()


@every_example
def test_a_node_infers_the_shape_that_torch_gives(example: Example) -> None:
    outputs = example.outputs()
    assert len(outputs) == len(type(example.node).outputs)
    with torch.device("meta"):
        results, _ = example.run()
    for shape, result in zip(outputs, results, strict=True):
        assert tuple(map(size_of, shape.sizes)) == shape_given(result, shape)
        assert result.is_floating_point() == (shape.dtype == "float")


@every_example
def test_sizes_that_vary_are_carried_through(example: Example) -> None:
    """Where a node accepts symbols, they stand for the size that it infers from the numbers."""
    symbolic = example.with_symbols()
    refusal = symbolic.refusal()
    if refusal is not None:
        assert "varies" in refusal
        return
    expected = symbolic.with_numbers().outputs()
    for shape, number in zip(symbolic.outputs(), expected, strict=True):
        assert tuple(map(size_of, shape.sizes)) == number.sizes, f"{shape} should be {number}"


@every_example
def test_weights_are_those_of_the_module(example: Example) -> None:
    with torch.device("meta"):
        _, evaluation = example.run()
    learned = {name: p for module in evaluation.modules for name, p in module.named_parameters()}
    declared = example.node.weights(*example.shapes)
    assert dict(declared) == {name: tuple(weight.shape) for name, weight in learned.items()}


@every_example
def test_multiply_adds_are_those_that_torch_counts(example: Example) -> None:
    example = example.with_numbers()
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        example.run(batch=2)
    assert 2 * 2 * example.node.multiply_adds(*example.shapes) == counter.get_total_flops()


@every_class
def test_a_loss_and_a_metric_answer_with_one_number(cls: type[NodeClass]) -> None:
    if not issubclass(cls, Loss | Metric):
        return
    for example in examples_of(cls):
        assert example.outputs() == (LOSS,)
        results, _ = example.run(batch=3)
        assert results[0].shape == ()
        assert torch.isfinite(results[0])


@every_class
def test_values_of_another_kind_are_refused_in_words_or_really_work(cls: type[NodeClass]) -> None:
    for example in examples_of(cls):
        for index in range(len(example.shapes)):
            for odd in ODD_SHAPES:
                shapes = (*example.shapes[:index], odd, *example.shapes[index + 1 :])
                _refused_or_works(Example(example.node, shapes))


@every_class
def test_a_loss_is_refused_by_all_that_compute_with_numbers(cls: type[NodeClass]) -> None:
    if not cls.inputs() or cls.__name__ == "Output":
        return
    example = next(examples_of(cls))
    if example.shapes[:1] == (LOSS,):
        return
    with pytest.raises(Mismatch):
        Example(example.node, (LOSS, *example.shapes[1:])).outputs()


def _refused_or_works(example: Example) -> None:
    try:
        outputs = example.outputs()
    except Mismatch as error:
        check_refusal(example, error)
        return
    with torch.device("meta"):
        results, _ = example.run()
    for shape, result in zip(outputs, results, strict=True):
        assert tuple(map(size_of, shape.sizes)) == shape_given(result, shape), example


def check_refusal(example: Example, error: Mismatch) -> None:
    """The refusal is a sentence, names a port that exists, and each repair mends what it complains about."""
    assert error.message.endswith("."), error.message
    assert error.message[0].isupper() or error.message[0].isdigit() or "×" in error.message, error.message
    cls = type(example.node)
    assert error.port is None or error.port in [port.name for port in cls.inputs()]
    for repair in error.repairs:
        if isinstance(repair, Search):
            continue  # what is around the node decides
        assert repair.label
        assert _mends(repair, example, error), f"{example}: {repair.label} does not mend: {error.message}"


def _mends(repair: Suggestion, example: Example, error: Mismatch) -> bool:
    """Whether the complaint is gone afterwards; where several values arrive, each may need its own repair."""
    for _ in example.shapes:
        example = _repaired(example, error, repair)
        try:
            example.outputs()
        except Mismatch as after:
            if after.message != error.message or not after.repairs:
                return after.message != error.message
            error, repair = after, after.repairs[0]
        else:
            return True
    return False


def _repaired(example: Example, error: Mismatch, repair: Suggestion) -> Example:
    cls = type(example.node)
    if isinstance(repair, Remove):
        return Example(catalog().nodes["Output"](), example.shapes[:1])
    if isinstance(repair, Replace):
        return Example(catalog().nodes[repair.node_type].of(repair.settings), example.shapes)
    if isinstance(repair, Assign):
        return Example(cls.of({**example.node.values(), repair.setting: repair.value}), example.shapes)
    names = [port.name for port in cls.inputs()]
    at = repair.index if cls.inputs()[-1].variadic or error.port is None else names.index(error.port)
    assert isinstance(repair, Insert)
    shapes: list[Shape] = list(example.shapes)
    step: Insert | None = repair
    while step is not None:
        inserted = catalog().nodes[step.node_type].of(step.settings)
        shapes[at] = Example(inserted, (shapes[at],)).outputs()[0]
        step = step.then
    return Example(example.node, tuple(shapes))
