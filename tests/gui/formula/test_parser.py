"""What the markup of formulas means, and what it says to those who hear it."""

import pytest

from studio.gui.formula.parser import FormulaError, parse, parse_lines
from studio.gui.formula.spoken import spoken
from studio.gui.formula.tree import Accent, Fence, Fraction, Grid, Root, Row, Script, Space, Symbol


def letter(text: str) -> Symbol:
    return Symbol(text, "letter")


def number(text: str) -> Symbol:
    return Symbol(text, "number")


def row(*parts: object) -> Row:
    return Row(parts)  # type: ignore[arg-type]


def test_letters_numbers_and_signs_are_told_apart():
    assert parse("a+2=b, c") == row(
        letter("a"), Symbol("+", "operator"), number("2"), Symbol("=", "relation"), letter("b"),
        Symbol(",", "punctuation"), letter("c"),
    )  # fmt: skip


def test_a_number_keeps_its_commas_and_its_point():
    assert parse("61,706 + 0.5").parts[0] == number("61,706")
    assert parse("61,706 + 0.5").parts[2] == number("0.5")


def test_scripts_take_one_sign_or_a_group():
    assert parse("w_{k,c}^2 x_i") == row(
        Script(letter("w"), row(letter("k"), Symbol(",", "punctuation"), letter("c")), row(number("2"))),
        Script(letter("x"), row(letter("i"))),
    )


def test_fractions_roots_accents_and_brackets_hold_what_stands_in_their_braces():
    assert parse(r"\frac{a}{\sqrt{b}}") == row(Fraction(row(letter("a")), row(Root(row(letter("b"))))))
    assert parse(r"\hat{x}\bar y") == row(Accent("hat", row(letter("x"))), Accent("bar", row(letter("y"))))
    assert parse(r"\floor{a}(b)⌈c⌉") == row(
        Fence("⌊", "⌋", row(letter("a"))), Fence("(", ")", row(letter("b"))), Fence("⌈", "⌉", row(letter("c")))
    )


def test_names_of_functions_stand_upright_and_greek_is_a_letter():
    assert parse(r"\tanh \alpha") == row(Symbol("tanh", "function"), letter("α"))
    assert parse(r"\sum_i x") == row(Script(Symbol("∑", "big"), row(letter("i"))), letter("x"))


def test_words_keep_their_spaces():
    assert parse(r"\text{if } x") == row(Symbol("if ", "text"), letter("x"))


def test_bold_reaches_as_far_as_its_braces():
    assert parse(r"\bold{28} 1") == row(row(Symbol("28", "number", bold=True)), number("1"))


def test_cases_and_matrices_have_rows_and_cells():
    (fence,) = parse(r"\cases{1 & x \\ 0 & y}").parts
    assert fence == Fence("{", "", Grid(((row(number("1")), row(letter("x"))), (row(number("0")), row(letter("y"))))))


def test_a_double_backslash_begins_a_line():
    assert parse_lines(r"a \\ b") == (row(letter("a")), row(letter("b")))
    with pytest.raises(FormulaError, match="2 lines"):
        parse(r"a \\ b")


def test_an_empty_formula_is_an_empty_row():
    assert parse("") == row()
    assert parse(r"\quad") == row(Space(1.0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("_2", "nothing stands before _"),
        ("x_1_2", "a second time: _"),
        (r"\frac{a}", "'{' is missing before the end"),
        ("(a", r"'\)' is missing before the end"),
        ("a}", "out of place: }"),
        (r"\unknown x", r"there is no name \\unknown"),
        (r"\text{open", "A brace is open"),
        ("a $ b", "is no sign that formulas know"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, said: str):
    with pytest.raises(FormulaError, match=said):
        parse(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"y_k = b_k + \sum_c w_{k,c} \star x_c",
         "y sub k equals b sub k plus sum over c of w sub k, c correlated with x sub c"),
        (r"\floor{\frac{32 + 2·0 - 5}{1}} + 1",
         "32 plus 2 times 0 minus 5 over 1, end of fraction, rounded down, plus 1"),
        (r"\sqrt{\sigma^2 + \epsilon}", "the root of sigma squared plus epsilon, end of root"),
        (r"K^\top", "K transposed"),
        (r"H^\prime", "H prime"),
        (r"\max_j x_j \\ \hat{x}", "maximum over j of x sub j. x hat"),
        (r"\cases{1 & \text{if } x \ge 0 \\ 0 & \text{otherwise}}", "one of: 1, if x is at least 0; 0, otherwise"),
    ],
)  # fmt: skip
def test_a_formula_is_said_in_words(text: str, words: str):
    assert spoken(text) == words
