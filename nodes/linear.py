"""Layers in which every unit sees all features, and tables of learned features."""

from __future__ import annotations

from typing import Annotated, ClassVar

from studio.core.declaration import Count
from studio.core.derivation import Labels, SizeLine, stays, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Insert, Mismatch, Remove, Replace
from studio.core.record import Expression, F, Value, modules, nn
from studio.core.shape import LABEL, Shape, arriving, expect, fixed, sequence, tokens, vector

FAMILY = "Linear & embedding"


class Linear(Layer):
    """Connects every feature with every unit: each unit answers a weighted sum plus a bias. Works on each token too."""

    features: Annotated[Count, "number of units, and so of features that leave"] = 10
    bias: Annotated[bool, "one number for each unit, added to its sum"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("fc", "fully connected", "dense", "perceptron", "mlp", "projection")
    formula: ClassVar[str] = r"y_i = w_{i,0} + \sum_j w_{i,j} x_j"
    purpose: ClassVar[str] = (
        "{units} with a weighted sum of all features. On its own it draws straight boundaries; layers of it with a "
        "bent activation between them can approximate any function."
    )
    trap: ClassVar[str] = "Linear layers in a row, without an activation between them, are one linear layer."
    learned: ClassVar[Labels] = {"weight": ("units", "in"), "bias": ("biases",)}
    uses: ClassVar[str] = "tokens"
    paper: ClassVar[str] = (
        "Rumelhart et al. 1986, Learning representations by back-propagating errors https://doi.org/10.1038/323533a0"
    )
    slide: ClassVar[str] = "Layered arrangement"
    shown: ClassVar[tuple[str, ...]] = ("features",)
    examples: ClassVar = (
        (vector(84),),
        (vector(8), {"features": 3, "bias": False}),
        (sequence("T", 6), {"features": 12}),
    )

    def infer(self, values: Shape) -> Shape:
        if values.axes[-1:] != ("D",) or values.dtype != "float":
            expect(values, "vector", "values")
        fixed(values.sizes[-1])
        return values.resized(*values.sizes[:-1], self.features)

    def build(self, values: Value) -> Expression:
        return nn.Linear(values.features, self.features, **self.options("bias"))

    def weights(self, values: Shape) -> WeightShapes:
        weight = (self.features, values.features)
        return {"weight": weight, "bias": (self.features,)} if self.bias else {"weight": weight}

    def multiply_adds(self, values: Shape) -> int:
        return values.elements * self.features

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        others = SizeLine(values.axes[:-1], values.sizes[:-1], "as it arrives: each token goes through alone")
        units = worked("D", self.features, "one number for each unit")
        return (others, units) if others.axes else (units,)

    def said(self) -> dict[str, str]:
        units = f"Each of {self.features} units answers" if self.features > 1 else "The one unit answers"
        return {**super().said(), "units": units}


class Embedding(Layer):
    """A table with learned features for each token or label: a linear layer on 1-of-n vectors, by looking up."""

    entries: Annotated[Count, "number of different tokens or labels"] = 1000
    features: Annotated[Count, "features of each"] = 64

    synonyms: ClassVar[tuple[str, ...]] = ("lookup", "vocabulary", "word vectors", "1-of-n", "one-hot")
    formula: ClassVar[str] = "y = W e_i"
    purpose: ClassVar[str] = (
        "Token number i becomes column i of a table that is learned: {entries} entries of {features} features each. "
        "What is used alike ends up close together."
    )
    trap: ClassVar[str] = (
        "It is a linear layer on 1-of-n vectors; nothing is multiplied, though, the column is simply looked up."
    )
    learned: ClassVar[Labels] = {"weight": ("entries", "features")}
    paper: ClassVar[str] = (
        "Bengio et al. 2003, A neural probabilistic language model https://www.jmlr.org/papers/v3/bengio03a.html"
    )
    slide: ClassVar[str] = "Embedding view"
    examples: ClassVar = ((tokens(12),), (tokens("T"), {"entries": 50, "features": 8}), (LABEL, {"entries": 10}))

    def infer(self, tokens: Shape) -> Shape:
        if tokens.dtype != "int":
            has_features = tokens.axes[-1:] == ("D",) and tokens.batched and tokens.dtype == "float"
            linear = (Replace("Linear", "Use Linear instead", {"features": self.features}),) if has_features else ()
            message = f"This looks up tokens or labels, which are whole numbers; {arriving(tokens)}."
            raise Mismatch(message, "tokens", linear)
        return Shape((*tokens.axes, "D"), (*tokens.sizes, self.features))

    def build(self, tokens: Value) -> Expression:
        return nn.Embedding(self.entries, self.features)

    def rule(self, tokens: Shape) -> tuple[SizeLine, ...]:
        return (*stays(tokens), worked("D", self.features, "the features of each entry"))

    def weights(self, tokens: Shape) -> WeightShapes:
        return {"weight": (self.entries, self.features)}


class OneHot(Layer):
    """Writes a token or label as a row of zeros with a one at its place: the 1-of-n code."""

    classes: Annotated[Count, "number of different tokens or labels"] = 10

    synonyms: ClassVar[tuple[str, ...]] = ("1-of-n", "indicator", "dummy", "categorical", "label")
    slide: ClassVar[str] = "Embedding view"
    formula: ClassVar[str] = r"y = e_i"
    purpose: ClassVar[str] = (
        "Turns class number i into numbers that can be computed with: {classes} of them, zero but for the one at "
        "place i. So a class can be the target of a loss that compares numbers."
    )
    trap: ClassVar[str] = "Before an embedding it is one step too many: that looks up the number itself."
    examples: ClassVar = ((LABEL,), (tokens(12), {"classes": 30}), (tokens("T"), {"classes": 5}))

    def infer(self, tokens: Shape) -> Shape:
        if tokens.dtype != "int":
            repairs = (Remove("Leave it out"),)
            raise Mismatch(
                f"This writes out tokens or labels, which are whole numbers; {arriving(tokens)}.", "tokens", repairs
            )
        return Shape((*tokens.axes, "D"), (*tokens.sizes, self.classes))

    def build(self, tokens: Value) -> Expression:
        return F.one_hot(tokens, self.classes).float()

    def rule(self, tokens: Shape) -> tuple[SizeLine, ...]:
        return (*stays(tokens), worked("D", self.classes, "one number for each class"))


class RBFOutput(Layer):
    """Output of LeNet-5: the squared distance to a fixed pattern of ±1 for each class, and nothing to learn.

    The distances leave with a minus sign, so that the largest score wins as everywhere else; cross-entropy on them
    is the paper's discriminative criterion but for a constant. For 84 features and up to 10 classes the patterns are
    digits drawn on 7 × 12 pixels, as in the paper; else they are random.
    """

    classes: Annotated[Count, "number of classes"] = 10

    synonyms: ClassVar[tuple[str, ...]] = ("lenet", "radial basis function", "euclidean", "distance")
    formula: ClassVar[str] = r"y_i = -\sum_j (x_j - w_{i,j})^2"
    purpose: ClassVar[str] = (
        "Each of {classes} classes has a fixed pattern of ±1, drawn as a small picture of its digit; the answer is "
        "how near the features come to it."
    )
    trap: ClassVar[str] = "Most copies of LeNet-5 replace it by a linear layer with softmax. Nothing is learned here."
    paper: ClassVar[str] = "LeCun et al. 1998, section II.B, equation 7 https://doi.org/10.1109/5.726791"
    slide: ClassVar[str] = "LeNet-5"
    examples: ClassVar = ((vector(84),), (vector(20), {"classes": 3}))

    def infer(self, values: Shape) -> Shape:
        (features,) = expect(values, "vector", "values")
        if features == 1:
            repairs = (Insert("Linear", "Insert Linear with 84 features", {"features": 84}),)
            raise Mismatch("One feature cannot tell classes apart by patterns of ±1.", "values", repairs)
        return vector(self.classes)

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        return (worked("D", self.classes, "one number for each class"),)

    def build(self, values: Value) -> Expression:
        return modules.rbf.RBFOutput(values.features, self.classes)
