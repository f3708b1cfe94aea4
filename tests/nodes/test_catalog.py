"""The palette: every family that this version has, and words by which people search."""

import subprocess
import sys

import pytest

from studio.core.catalog import catalog


def test_the_palette_has_its_families() -> None:
    assert set(catalog().families()) == {
        "Data",
        "Convolution",
        "Pooling & resize",
        "Activation",
        "Norm & dropout",
        "Linear & embedding",
        "Combine & reshape",
        "Sequence",
        "Attention",
        "Loss & metrics",
    }


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("fc", "Linear"),
        ("dense", "Linear"),
        ("logistic", "Sigmoid"),
        ("deconvolution", "ConvTranspose2d"),
        ("mse", "SquaredError"),
        ("skip", "Add"),
        ("concat", "Concatenate"),
        ("swish", "SiLU"),
        ("self-attention", "MultiHeadAttention"),
        ("view", "Reshape"),
    ],
)
def test_a_node_is_found_by_the_word_that_people_use(word: str, name: str) -> None:
    assert word in catalog().nodes[name].synonyms


def test_declarations_import_neither_torch_nor_pydantic_nor_numpy() -> None:
    code = (
        "import sys; from studio.core.catalog import catalog; catalog();"
        "print(sorted({'torch', 'pydantic', 'numpy', 'networkx', 'PySide6'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
