"""Every metric gives the figure of all samples of a part, however these are cut into batches."""

import pytest
import torch
from torch import Tensor, nn

from studio.core.node_class import Metric
from studio.core.shape import class_axis
from studio.engine.evaluate import tallies

from .evaluate import Evaluation
from .examples import Example, all_examples, tensor_of

METRICS = [example for example in all_examples() if isinstance(example.node, Metric)]
SAMPLES, CUTS = 12, (5, 4, 3)


@pytest.mark.parametrize("example", METRICS, ids=str)
def test_a_figure_of_batches_is_that_of_all_samples_at_once(example: Example) -> None:
    example = example.with_numbers()
    inputs = drawn(example)
    (built,) = example.build()
    first = Evaluation(inputs)
    first.output(built)
    objective = nn.Module()
    for module in first.modules:
        objective.add_module("judge", module.eval())
    at_once = first.again(inputs).output(built)
    for tally in tallies(objective).values():
        tally.reset()
    pieces = zip(*(value.split(CUTS) for value in inputs.values()), strict=True)
    figures = torch.stack([first.again(dict(zip(inputs, piece, strict=True))).output(built) for piece in pieces])
    mean = (figures * torch.tensor(CUTS)).sum() / SAMPLES
    counted = [tally.compute() for tally in tallies(objective).values()]
    assert float(counted[0] if counted else mean) == pytest.approx(float(at_once), rel=1e-5)


def drawn(example: Example) -> dict[tuple[str, int], Tensor]:
    """Random answers, and targets where it compares; a label is one of as many classes as there are scores."""
    torch.manual_seed(3)
    answer, *targets = example.shapes
    scores = torch.randn(SAMPLES, *answer.sizes)  # type: ignore[arg-type]
    values = [scores, *(tensor_of(target, SAMPLES) for target in targets)]
    for at, target in enumerate(targets, 1):
        if target.dtype == "int":
            values[at] = torch.randint(scores.shape[class_axis(answer)], values[at].shape)
    return {(port, 0): value for port, value in zip(example.arriving(), values, strict=True)}
