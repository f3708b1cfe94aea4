"""The table in templates/README.md is that of the templates there are; `python -m tests.figures` makes its rows."""

from pathlib import Path

from studio.core.catalog import catalog
from tests.figures import HEAD, row

TABLE = [line for line in Path("templates/README.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]


def test_every_template_has_a_row_and_reached_its_goal_in_time() -> None:
    head, _, *rows = TABLE
    assert head == row(*HEAD)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]
    templates = catalog().templates
    assert [(name, title) for name, title, *_ in cells] == [(f"`{t.name}`", t.title) for t in templates.values()]
    for (*_, aim, _, seconds, reached), template in zip(cells, templates.values(), strict=True):
        assert aim.endswith(f"within {template.goal.seconds:g} s")
        assert aim.startswith(template.goal.metric.replace("_", " "))
        assert float(seconds) <= template.goal.seconds
        assert reached == "yes"
