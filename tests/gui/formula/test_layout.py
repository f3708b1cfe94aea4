"""Where the parts of a formula stand, with letters that are all half as wide as they are high."""

from studio.gui.formula.layout import AXIS, Box, Bracket, Glyphs, Rule, Setter, Style, wrapped
from studio.gui.formula.parser import parse

SIZE = 20.0
STYLE = Style(SIZE)


class Blocks:
    """Every character is a block half a size wide, from the base line to 0.7 sizes above it."""

    def advance(self, text: str, style: Style) -> float:
        return len(text) * style.size / 2

    def extent(self, text: str, style: Style) -> tuple[float, float, float]:
        return 0.7 * style.size, 0.0, 0.0


SETTER = Setter(Blocks())


def set_(text: str) -> Box:
    return SETTER.set(parse(text), STYLE)


def glyphs(box: Box) -> dict[str, Glyphs]:
    return {mark.text: mark for mark in box.marks if isinstance(mark, Glyphs)}


def test_letters_stand_side_by_side_on_one_base_line():
    found = glyphs(set_("ab"))
    assert (found["a"].x, found["b"].x) == (0.0, SIZE / 2)
    assert found["a"].y == found["b"].y == 0.0
    assert found["a"].style.italic
    assert not glyphs(set_("2"))["2"].style.italic


def test_there_is_room_around_a_relation_but_not_around_the_sign_of_a_number():
    assert set_("a=b").width > 3 * SIZE / 2
    assert set_("-b").width == SIZE
    assert set_("a=-b").width == set_("a=b").width + SIZE / 2


def test_what_is_lowered_stands_lower_and_smaller_and_what_is_raised_higher():
    found = glyphs(set_("x_i^2"))
    assert found["i"].y > 0 > found["2"].y
    assert found["i"].style.size < SIZE
    assert found["i"].x == found["2"].x > found["x"].x


def test_small_print_stays_readable():
    found = glyphs(SETTER.set(parse("x_{y_{z_a}}"), Style(10.0)))
    assert min(mark.style.size for mark in found.values()) >= 9.0


def test_a_fraction_has_its_line_at_the_height_of_a_minus_and_both_parts_centred():
    box = set_(r"\frac{a}{bcd}")
    (line,) = (mark for mark in box.marks if isinstance(mark, Rule))
    assert abs(line.y + line.height / 2 + AXIS * SIZE) < 1e-9
    found = glyphs(box)
    assert found["a"].y < line.y < found["c"].y
    middle = line.x + line.width / 2
    assert abs(found["a"].x + found["a"].style.size / 4 - middle) < 1e-9
    assert abs(found["c"].x + found["c"].style.size / 4 - middle) < 1e-9


def test_brackets_grow_with_what_they_hold():
    low = [mark for mark in set_("(a)").marks if isinstance(mark, Bracket)]
    box = set_(r"(\frac{a}{b})")
    left, right = (mark for mark in box.marks if isinstance(mark, Bracket))
    assert not low, "the brackets of the typeface are better for what is low"
    inner = set_(r"\frac{a}{b}")
    assert left.height >= inner.height
    assert left.x < right.x


def test_limits_stand_below_and_above_the_sum():
    found = glyphs(set_(r"\sum_i^n x"))
    total, below, above = found["∑"], found["i"], found["n"]
    assert above.y < total.y < below.y
    assert abs((below.x + below.style.size / 4) - (total.x + total.style.size / 4)) < 1e-9


def test_a_root_covers_what_stands_in_it():
    box = set_(r"\sqrt{abc}")
    (bar,) = (mark for mark in box.marks if isinstance(mark, Rule))
    found = glyphs(box)
    assert bar.x <= found["a"].x
    assert bar.x + bar.width >= found["c"].x + SIZE / 2


def test_what_is_too_long_is_broken_before_a_sign():
    row = parse("a = b + c + d")
    whole = SETTER.set(row, STYLE).width
    lines = wrapped(SETTER, row, STYLE, whole * 0.7)
    assert len(lines) > 1
    assert all(line.width <= whole * 0.7 for line in lines)
    assert [text for line in lines for text in glyphs(line)] == ["a", "=", "b", "+", "c", "+", "d"]
    assert len(wrapped(SETTER, row, STYLE, whole + 1)) == 1


def test_a_box_is_as_tall_as_its_marks():
    box = set_(r"\frac{a}{\sqrt{b}} + \sum_i x_i")
    tops = [mark.y if not isinstance(mark, Glyphs) else mark.y - 0.7 * mark.style.size for mark in box.marks]
    assert -box.ascent <= min(tops) + 1e-9
