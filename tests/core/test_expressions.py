"""Expressions over variables: what they compute, and what they refuse."""

from __future__ import annotations

import pytest

from studio.core.expressions import evaluate, resolve, resolve_variables
from studio.core.problem import Mismatch


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=width*4", 64),
        ("=width // 3 + 1", 6),
        ("=-width", -16),
        ("=max(width, 20) if deep else 1", 20),
        ("=ceil(width / 3)", 6),
        ("=width/4", 4),
        ("=0.5", 0.5),
        ("=2**5", 32),
    ],
)
def test_an_expression_computes_what_python_would(text: str, value: float) -> None:
    result = evaluate(text, {"width": 16, "deep": True})
    assert result == value
    assert type(result) is type(value)


def test_an_unknown_variable_is_named_with_the_nearest_one() -> None:
    with pytest.raises(Mismatch, match="Did you mean width"):
        evaluate("=widht*4", {"width": 16})


@pytest.mark.parametrize(
    "text",
    [
        "=__import__('os').system('true')",
        "=().__class__",
        "=[x for x in (1, 2)]",
        "=width.real",
        "='text'",
        "=",
        "=1 +",
        "=9**9**9",
        "=(10**12)*(10**12)*(10**12)",
        "=1/0",
        "=min()",
        "=sqrt(-1)",
        "=" + "(" * 150 + "1" + ")" * 150,
        "=" + "1+" * 300 + "1",
        "=lambda: 1",
        "=max",
    ],
)
def test_what_is_not_plain_arithmetic_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Mismatch) as refused:
        evaluate(text, {"width": 16})
    assert refused.value.message.endswith((".", "?"))


def test_expressions_inside_a_pair_are_computed() -> None:
    assert resolve(("=k", 3), {"k": 5}) == (5, 3)


def test_a_variable_may_use_those_above_it_but_not_those_below() -> None:
    assert resolve_variables({"width": 8, "twice": "=width*2"}) == {"width": 8, "twice": 16}
    with pytest.raises(Mismatch, match="no variable 'width'"):
        resolve_variables({"twice": "=width*2", "width": 8})
