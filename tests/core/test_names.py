"""Names that people give, as Python identifiers."""

from __future__ import annotations

import keyword

from hypothesis import given
from hypothesis import strategies as st

from studio.core.names import class_name, identifier, identifiers


def test_names_become_the_identifiers_an_expert_would_choose() -> None:
    wanted = {"C1": "c1", "Tanh 2": "tanh_2", "layer1": "layer1", "3x3": "node_3x3", "class": "class_", "Höhe": "hohe"}
    assert {name: identifier(name) for name in wanted} == wanted
    assert class_name("LeNet-5") == "LeNet5"
    assert class_name("residual block") == "ResidualBlock"


def test_a_name_of_torchs_own_is_not_taken() -> None:
    assert identifier("forward") == "forward_"
    assert identifier("train") == "train_"


@given(st.lists(st.text(max_size=20), unique=True, max_size=8))
def test_any_names_give_distinct_valid_identifiers(names: list[str]) -> None:
    found = identifiers(names)
    assert len(set(found.values())) == len(names)
    assert all(text.isidentifier() and not keyword.iskeyword(text) and text.isascii() for text in found.values())


@given(st.text(max_size=30))
def test_any_name_gives_a_valid_class_name(name: str) -> None:
    text = class_name(name)
    assert text.isidentifier()
    assert not keyword.iskeyword(text)
