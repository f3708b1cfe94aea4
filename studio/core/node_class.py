"""The base classes of what is declared in nodes/: settings, ports, shapes, weights and the PyTorch of a node."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar

from studio.core.declaration import Declaration
from studio.core.derivation import Labels, SizeLine, Term, repeated_uses, stays, term_of
from studio.core.record import Expression, Value
from studio.core.shape import Shape
from studio.core.window import short

WeightShapes = Mapping[str, tuple[int, ...]]
"""Shape of every learned tensor by the name it has inside its module."""


@dataclass(frozen=True, slots=True)
class InputPort:
    """Where a value enters: its name, whether it may stay empty, whether it takes any number of links."""

    name: str
    required: bool = True
    variadic: bool = False


class NodeClass(Declaration):
    """Base of every node class. ``infer``'s arguments are the input ports; ``*values`` takes any number of links.

    A module of nodes/ names its palette section in a constant ``FAMILY``.
    """

    outputs: ClassVar[tuple[str, ...]] = ("out",)
    in_networks: ClassVar[bool] = True
    """Whether it may stand in a network or block; else it is for objectives alone."""
    synonyms: ClassVar[tuple[str, ...]] = ()
    formerly: ClassVar[tuple[str, ...]] = ()
    shown: ClassVar[tuple[str, ...]] = ()
    """Settings that the canvas shows on the node; the first three where empty."""
    formula: ClassVar[str] = ""
    """What it computes, in the markup of ``studio/gui/formula/parser.py``, a small part of TeX."""
    purpose: ClassVar[str] = ""
    """What it is for, in a sentence or two that teach; ``{filters}`` stands for what ``said`` answers."""
    trap: ClassVar[str] = ""
    """What students, slides or frameworks get wrong about it."""
    learned: ClassVar[Labels] = {}
    """What the axes of each learned tensor count."""
    uses: ClassVar[str] = "places"
    """What a weight is used once for."""
    paper: ClassVar[str] = ""
    """Authors, year, title, and at its end the address where there is one."""
    slide: ClassVar[str] = ""
    """Title of the slide of the chapter."""
    unsourced: ClassVar[str] = ""
    """Why there is neither paper nor slide."""
    shared_form: ClassVar[str] = ""
    """The class that does the same with one set of weights for all places, where this one learns a set for each."""
    examples: ClassVar[tuple[tuple[Any, ...], ...]] = ()
    """For the contract tests: each a tuple of input Shapes, optionally ending with a mapping of settings."""

    @classmethod
    def inputs(cls) -> tuple[InputPort, ...]:
        return input_ports(cls)  # type: ignore[arg-type]  # mypy takes the hash of instances for the class's

    @classmethod
    def family(cls) -> str:
        return str(getattr(sys.modules[cls.__module__], "FAMILY", "Other"))

    @classmethod
    def title(cls) -> str:
        """The class name in words a person reads: MaxPool2d stays, CrossEntropy becomes Cross entropy."""
        if any(letter.isdigit() for letter in cls.__name__):
            return cls.__name__
        first, *words = re.split(r"(?<=[a-z])(?=[A-Z][a-z])", cls.__name__)
        return " ".join([first, *(word.lower() if word[1:].islower() else word for word in words)])

    def options(self, *names: str) -> dict[str, Any]:
        """Keyword arguments for ``build``: those of these settings that differ from PyTorch's defaults, as here."""
        defaults = {setting.name: setting.default for setting in type(self).settings()}
        values = {name: short(getattr(self, name)) for name in names}
        return {name: value for name, value in values.items() if value != defaults[name]}

    def infer(self, *inputs: Any) -> Shape | tuple[Shape, ...]:
        """Shapes of the outputs, one for each of ``outputs``. Raises Mismatch."""
        raise NotImplementedError

    def build(self, *inputs: Any) -> Expression | tuple[Expression, ...]:
        """The PyTorch this node stands for; a bare module is applied to all inputs in order."""
        raise NotImplementedError

    def ends_with(self) -> str:
        """Type of the activation that its answer went through last; its own where there is none inside."""
        return type(self).__name__

    def weights(self, *inputs: Any) -> WeightShapes:
        """What is learned here, by the names it has in the module's state dict."""
        return {}

    def multiply_adds(self, *inputs: Any) -> int:
        """Multiply-adds of convolutions and matrix products for one sample."""
        return 0

    def said(self) -> dict[str, str]:
        """What ``purpose`` fills in: the settings, as a person says them."""
        return {setting.name: _in_words(getattr(self, setting.name)) for setting in type(self).settings()}

    def rule(self, *inputs: Any) -> tuple[SizeLine, ...]:
        """Where the size along every axis of every output comes from; for most it is that of the first input."""
        return stays(inputs[0]) if inputs else ()

    def terms(self, *inputs: Any) -> tuple[Term, ...]:
        """The weights as sums of labelled products."""
        return tuple(term_of(shape, self.learned.get(name, ())) for name, shape in self.weights(*inputs).items())

    def work(self, *inputs: Any) -> tuple[Term, ...]:
        """The multiply-adds as sums of labelled products: the weights, each as often as it is used."""
        total = self.multiply_adds(*inputs)
        if not total:
            return ()
        sizes = shapes_of(self.infer(*inputs))[0].sizes[1:]
        numbers = tuple(size for size in sizes if isinstance(size, int))
        return repeated_uses(self.terms(*inputs), total, numbers, self.uses)


class Layer(NodeClass):
    """Part of a network: values in, values out."""


class Asking(Layer):
    """What asks a network of the project again and again, such as a sampler: it stands in objectives alone.

    Its ``build`` hands ``network(self.network)`` of ``studio.core.record`` to a module.
    """

    network: Annotated[str, "the network that is asked"] = ""

    in_networks: ClassVar[bool] = False
    taught_by: ClassVar[str] = ""
    """Type of the node that makes what the network learns from, where the two must agree."""
    as_taught: ClassVar[tuple[str, ...]] = ()
    """Settings of both that must be the same."""


class Loss(NodeClass):
    """What training makes small: one number for the batch."""

    in_networks: ClassVar[bool] = False
    outputs: ClassVar[tuple[str, ...]] = ("loss",)

    def rule(self, *inputs: Any) -> tuple[SizeLine, ...]:
        return ()


class Metric(NodeClass):
    """What a person judges by: one number for the batch, averaged over the samples of a part.

    What does not average builds a module alone that counts in evaluation mode, with ``reset`` and ``compute``.
    """

    in_networks: ClassVar[bool] = False
    outputs: ClassVar[tuple[str, ...]] = ("value",)
    percent: ClassVar[bool] = False
    higher_is_better: ClassVar[bool] = True

    def rule(self, *inputs: Any) -> tuple[SizeLine, ...]:
        return ()


class Display(NodeClass):
    """What shows a value of an objective to a person; nothing follows from it."""

    in_networks: ClassVar[bool] = False
    outputs: ClassVar[tuple[str, ...]] = ()

    def infer(self, value: Any) -> tuple[Shape, ...]:
        return ()

    def build(self, value: Any) -> tuple[Expression, ...]:
        return ()

    def rule(self, *inputs: Any) -> tuple[SizeLine, ...]:
        return ()


def _in_words(value: Any) -> str:
    """A setting's value as a person says it: ``3 × 5``."""
    if isinstance(value, tuple):
        return " × ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


@cache
def input_ports(cls: type[Any]) -> tuple[InputPort, ...]:
    """The input ports as ``infer``'s signature names them."""
    parameters = list(inspect.signature(cls.infer).parameters.values())[1:]
    return tuple(
        InputPort(
            parameter.name,
            required=parameter.default is inspect.Parameter.empty,
            variadic=parameter.kind is inspect.Parameter.VAR_POSITIONAL,
        )
        for parameter in parameters
    )


def shapes_of(result: Shape | tuple[Shape, ...]) -> tuple[Shape, ...]:
    """What ``infer`` answered, always as a tuple."""
    return result if isinstance(result, tuple) else (result,)


def values_for(ports: tuple[InputPort, ...], shapes: Mapping[str, tuple[Shape, ...]]) -> list[Value | None]:
    """Recording values for ``build``, in the order of the ports; an empty optional port gives None."""
    values: list[Value | None] = []
    for port in ports:
        arriving = shapes.get(port.name, ())
        if not arriving and not port.variadic:
            values.append(None)
        values += [Value(port.name, shape, index) for index, shape in enumerate(arriving)]
    return values
