"""Layers in which every unit sees all features, and tables of learned features."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from nodes.weight_norm import WeightNorm, normed, normed_labels, normed_terms, normed_weights
from studio.core.declaration import Count
from studio.core.derivation import Labels, SizeLine, Term, stays, worked
from studio.core.node_class import Layer, WeightShapes
from studio.core.problem import Insert, Mismatch, Remove, Replace
from studio.core.record import Expression, F, Value, modules, nn
from studio.core.shape import LABEL, Shape, arriving, expect, fixed, image, numbers, sequence, tokens, vector

FAMILY = "Linear & embedding"


class _Units(Layer):
    """Units side by side that all see the same features."""

    features: Annotated[Count, "number of units, and so of features that leave"] = 10

    shown: ClassVar[tuple[str, ...]] = ("features",)

    def infer(self, values: Shape) -> Shape:
        if values.axes[-1:] != ("D",) or values.dtype != "float":
            expect(values, "vector", "values")
        fixed(values.sizes[-1])
        return values.resized(*values.sizes[:-1], self.features)

    def multiply_adds(self, values: Shape) -> int:
        return values.elements * self.features

    def rule(self, values: Shape) -> tuple[SizeLine, ...]:
        others = SizeLine(values.axes[:-1], values.sizes[:-1], "as it arrives: each token goes through alone")
        units = worked("D", self.features, "one number for each unit")
        return (others, units) if others.axes else (units,)

    def said(self) -> dict[str, str]:
        units = f"Each of {self.features} units answers" if self.features > 1 else "The one unit answers"
        return {**super().said(), "units": units}


class Linear(_Units):
    """Connects every feature with every unit: each unit answers a weighted sum plus a bias. Works on each token too."""

    bias: Annotated[bool, "one number for each unit, added to its sum"] = True
    weight_norm: WeightNorm = "none"

    synonyms: ClassVar[tuple[str, ...]] = ("fc", "fully connected", "dense", "perceptron", "mlp", "projection")
    formula: ClassVar[str] = r"y_i = w_{i,0} + \sum_j w_{i,j} x_j"
    purpose: ClassVar[str] = (
        "{units} with a weighted sum of all features. On its own it draws straight boundaries; layers of it with a "
        "bent activation between them can approximate any function."
    )
    trap: ClassVar[str] = "Linear layers in a row, without an activation between them, are one linear layer."
    learned: ClassVar[Labels] = normed_labels({"weight": ("units", "in"), "bias": ("biases",)})
    uses: ClassVar[str] = "tokens"
    paper: ClassVar[str] = (
        "Rumelhart et al. 1986, Learning representations by back-propagating errors https://doi.org/10.1038/323533a0"
    )
    slide: ClassVar[str] = "Layered arrangement"
    examples: ClassVar = (
        (vector(84),),
        (vector(8), {"features": 3, "bias": False}),
        (sequence("T", 6), {"features": 12}),
        (vector(8), {"features": 3, "weight_norm": "weight"}),
        (sequence(5, 6), {"weight_norm": "spectral", "bias": False}),
    )

    def build(self, values: Value) -> Expression:
        return normed(nn.Linear(values.features, self.features, **self.options("bias")), self.weight_norm)

    def weights(self, values: Shape) -> WeightShapes:
        weight = (self.features, values.features)
        shapes = {"weight": weight, "bias": (self.features,)} if self.bias else {"weight": weight}
        return normed_weights(shapes, self.weight_norm)

    def terms(self, values: Shape) -> tuple[Term, ...]:
        return normed_terms(super().terms(values))


class Bilinear(Layer):
    """Lets two vectors judge each other: each unit answers a weighted sum of all products of a number of either."""

    features: Annotated[Count, "number of units, and so of features that leave"] = 10
    bias: Annotated[bool, "one number for each unit, added to its sum"] = True

    synonyms: ClassVar[tuple[str, ...]] = ("two inputs", "interaction", "similarity", "tensor", "pair")
    formula: ClassVar[str] = r"y_k = b_k + \sum_{i,j} x_i w_{k,i,j} z_j"
    purpose: ClassVar[str] = (
        "{units} how well two vectors go together, such as a question and an answer: every feature of one meets every "
        "feature of the other with a weight of its own."
    )
    trap: ClassVar[str] = (
        "It has features × left × right weights: two vectors of 512 and 10 units make 2.6 million. PyTorch sums "
        "products of three here, which are no matrix products, so none are counted."
    )
    learned: ClassVar[Labels] = {"weight": ("units", "left", "right"), "bias": ("biases",)}
    paper: ClassVar[str] = (
        "Tenenbaum & Freeman 2000, Separating style and content with bilinear models "
        "https://doi.org/10.1162/089976600300015349"
    )
    examples: ClassVar = (
        (vector(6), vector(4)),
        (vector(3), vector(3), {"features": 1, "bias": False}),
        (sequence("T", 5), sequence("T", 4), {"features": 3}),
    )

    def infer(self, left: Shape, right: Shape) -> Shape:
        for values, port in ((left, "left"), (right, "right")):
            if values.axes[-1:] != ("D",) or values.dtype != "float":
                expect(values, "vector", port)
            fixed(values.sizes[-1])
        if (left.axes[:-1], left.sizes[:-1]) != (right.axes[:-1], right.sizes[:-1]):
            raise Mismatch(f"Both must be alike but for the features; {left} meets {right}.", "right")
        return left.resized(*left.sizes[:-1], self.features)

    def build(self, left: Value, right: Value) -> Expression:
        return nn.Bilinear(left.features, right.features, self.features, **self.options("bias"))

    def weights(self, left: Shape, right: Shape) -> WeightShapes:
        weight = (self.features, left.features, right.features)
        return {"weight": weight, "bias": (self.features,)} if self.bias else {"weight": weight}

    def rule(self, left: Shape, right: Shape) -> tuple[SizeLine, ...]:
        others = SizeLine(left.axes[:-1], left.sizes[:-1], "as it arrives: each token goes through alone")
        units = worked("D", self.features, "one number for each unit")
        return (others, units) if others.axes else (units,)

    def said(self) -> dict[str, str]:
        units = f"Each of {self.features} units answers" if self.features > 1 else "The one unit answers"
        return {**super().said(), "units": units}


class Identity(Layer):
    """Hands on what arrives, unchanged: a place to name a value, or to put another layer later."""

    synonyms: ClassVar[tuple[str, ...]] = ("pass through", "nothing", "placeholder", "shortcut", "skip")
    formula: ClassVar[str] = "y = x"
    purpose: ClassVar[str] = (
        "Keeps a place free or gives a value a name. Where the head of a trained network is replaced by it, the "
        "features before the head come out."
    )
    unsourced: ClassVar[str] = "It computes nothing, and nobody claims to have invented it."
    examples: ClassVar = ((image(3, 4, 5),), (vector(6),), (sequence("T", 6),), (tokens("T"),), (LABEL,))

    def infer(self, values: Shape) -> Shape:
        return values if values.batched else numbers(values, "values")

    def build(self, values: Value) -> Expression:
        return nn.Identity()


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


class EmbeddingBag(Layer):
    """Looks up learned features of all tokens and leaves their mean, sum or maximum: a text as one vector."""

    entries: Annotated[Count, "number of different tokens"] = 1000
    features: Annotated[Count, "features of each"] = 64
    mode: Annotated[Literal["mean", "sum", "max"], "how the features of all tokens become one vector"] = "mean"

    synonyms: ClassVar[tuple[str, ...]] = ("bag of words", "fasttext", "lookup", "text classification")
    formula: ClassVar[str] = r"y = \frac{1}{T} \sum_t W e_{i_t}"
    purpose: ClassVar[str] = (
        "Says what a text is about, whatever the order of its words: the {mode} over the features of all tokens, from "
        "a table of {entries} entries that is learned. With a linear layer behind it texts are classified fast."
    )
    trap: ClassVar[str] = "“Dog bites man” and “man bites dog” are the same to it. Tokens that fill up count too."
    learned: ClassVar[Labels] = {"weight": ("entries", "features")}
    paper: ClassVar[str] = (
        "Joulin et al. 2016, Bag of tricks for efficient text classification https://arxiv.org/abs/1607.01759"
    )
    examples: ClassVar = (
        (tokens(12),),
        (tokens("T"), {"entries": 50, "features": 8, "mode": "sum"}),
        (tokens(5), {"entries": 10, "features": 3, "mode": "max"}),
    )

    def infer(self, tokens: Shape) -> Shape:
        expect(tokens, "tokens", "tokens")
        return vector(self.features)

    def build(self, tokens: Value) -> Expression:
        return nn.EmbeddingBag(self.entries, self.features, **self.options("mode"))

    def rule(self, tokens: Shape) -> tuple[SizeLine, ...]:
        return (worked("D", self.features, "the features of each entry"),)

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
