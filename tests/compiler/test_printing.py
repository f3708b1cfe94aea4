"""Recorded expressions as source: what is printed computes what was recorded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.compiler.printing import Printer, repeated
from studio.core.record import Expression, F, Value, is_module, modules, nn, torch
from studio.core.shape import vector

X = Value("value", vector(3))


def printed(expression: Any) -> str:
    return Printer({("value", 0): "v"}, lambda text: f"<{text}>").text(expression)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (nn.Conv2d(1, 6, (3, 5), padding=2)(X), "<nn.Conv2d(1, 6, (3, 5), padding=2)>(v)"),
        (torch.cat((X, X), dim=1), "torch.cat((v, v), dim=1)"),
        (F.relu(X)[:, 0], "F.relu(v)[:, 0]"),
        (X[..., 1:3].flatten(1), "v[..., 1:3].flatten(1)"),
        ((X + 1) * 2, "(v + 1) * 2"),
        (X + 1 * 2, "v + 2"),
        (X - (X - 1), "v - (v - 1)"),
        (-(X**2), "-(v ** 2)"),
        ((X**2) ** 3, "(v ** 2) ** 3"),
        (X.at_least(1).equals(X.at_least(2)), "(v >= 1) == (v >= 2)"),
        (X.argmax(1).equals(3).float(), "(v.argmax(1) == 3).float()"),
        (torch.zeros((4,)), "torch.zeros((4,))"),
        (F.pad(X, value=float(-1)), "F.pad(v, value=-1.0)"),
        (torch.empty([]), "torch.empty([])"),
    ],
)
def test_an_expression_prints_as_a_person_would_write_it(expression: Expression, text: str) -> None:
    assert printed(expression) == text


@given(st.text())
def test_text_prints_as_one_harmless_literal(text: str) -> None:
    import ast

    literal = printed(F.pad(X, mode=text)).removeprefix("F.pad(v, mode=").removesuffix(")")
    assert ast.literal_eval(literal) == text
    assert literal.isascii()
    assert "\n" not in literal


def test_what_is_no_plain_data_is_not_printed() -> None:
    with pytest.raises(TypeError, match="cannot be printed"):
        printed(F.pad(X, object()))


@given(st.recursive(st.just("v") | st.integers(1, 9), lambda e: st.tuples(st.sampled_from("+-*/"), e, e), max_leaves=8))
def test_precedence_survives_printing(tree: Any) -> None:
    def record(node: Any) -> Any:
        if isinstance(node, tuple):
            left, right = record(node[1]), record(node[2])
            return {
                "+": lambda: left + right,
                "-": lambda: left - right,
                "*": lambda: left * right,
                "/": lambda: left / right,
            }[node[0]]()
        return X if node == "v" else node

    def compute(node: Any) -> Any:
        if isinstance(node, tuple):
            left, right = compute(node[1]), compute(node[2])
            return {"+": left + right, "-": left - right, "*": left * right, "/": left / right if right else None}[
                node[0]
            ]
        return 7.5 if node == "v" else node

    try:
        recorded, expected = record(tree), compute(tree)
        actual = eval(printed(recorded), {"v": 7.5})
    except (ZeroDivisionError, TypeError):
        return
    assert actual == pytest.approx(expected)


def test_only_constructors_of_layers_count_as_modules() -> None:
    assert is_module(nn.ReLU())
    assert is_module(modules.rbf.RBFOutput(84, 10))
    assert not is_module(nn.ReLU()(X))
    assert not is_module(torch.cat((X,)))


def test_a_call_that_two_outputs_share_is_found_once() -> None:
    run = nn.LSTM(3, 4)(X)
    assert repeated((run[0], run[1][0])) == [run]
    assert repeated((run[0],)) == []
