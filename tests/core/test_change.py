"""What a view is told to redraw, and what undo brings back."""

from __future__ import annotations

from studio.core.change import Change, GraphChange, History
from studio.core.graph import Graph, Link, Links, Node
from studio.core.project import Project


def project_with(graph: Graph, **others: Graph) -> Project:
    return Project("p", {"N": graph, **others})


def test_nothing_changed_between_equal_graphs() -> None:
    assert not GraphChange.between(Graph({"a": Node("ReLU")}), Graph({"a": Node("ReLU")}))


def test_a_change_names_what_came_went_moved_and_was_edited() -> None:
    before = Graph({"a": Node("ReLU"), "b": Node("ReLU"), "c": Node("Linear")}, Links((Link("a", "out", "b", "x"),)))
    after = Graph({"a": Node("ReLU", position=(8, 8)), "c": Node("Linear", {"features": 3}), "d": Node("Tanh")})
    change = GraphChange.between(before, after)
    assert change.nodes_moved == {"a"}
    assert change.nodes_edited == {"c"}
    assert change.nodes_added == {"d"}
    assert change.nodes_removed == {"b"}
    assert change.links_removed == {Link("a", "out", "b", "x")}


def test_a_node_moved_and_edited_at_once_counts_as_edited() -> None:
    change = GraphChange.between(
        Graph({"a": Node("Linear")}), Graph({"a": Node("Linear", {"features": 3}, position=(8, 8))})
    )
    assert change.nodes_edited == {"a"}
    assert not change.nodes_moved


def test_a_project_change_leaves_out_graphs_that_stayed() -> None:
    kept, old, new = Graph({"k": Node("ReLU")}), Graph(), Graph({"a": Node("ReLU")})
    change = Change.between(project_with(old, kept=kept), project_with(new, kept=kept))
    assert set(change.graphs) == {"N"}


def test_undo_and_redo_walk_the_same_projects_to_the_end_and_back() -> None:
    projects = [Project(name) for name in "abcd"]
    history = History(projects[0])
    for project in projects[1:]:
        history.apply(project, f"Make {project.name}")
    assert [history.undo() for _ in range(4)] == ["Make d", "Make c", "Make b", None]
    assert history.project is projects[0]
    assert [history.redo() for _ in range(4)] == ["Make b", "Make c", "Make d", None]
    assert history.project is projects[3]


def test_an_edit_after_undo_forgets_what_was_undone() -> None:
    history = History(Project("a"))
    history.apply(Project("b"), "b")
    history.undo()
    history.apply(Project("c"), "c")
    assert history.redo() is None
    assert [step.label for step in history.steps] == ["Open", "c"]


def test_merged_edits_of_one_label_are_undone_together() -> None:
    history = History(Project("a"))
    for name in ("b", "c"):
        history.apply(Project(name), "Type a name", merge=True)
    history.undo()
    assert history.project.name == "a"


def test_an_edit_that_changes_nothing_leaves_no_step() -> None:
    history = History(Project("a"))
    history.apply(Project("a"), "nothing")
    assert history.undo() is None


def test_another_order_of_the_nodes_is_a_change_that_undo_takes_back() -> None:
    before, after = Graph({"a": Node("Input"), "b": Node("Input")}), Graph({"b": Node("Input"), "a": Node("Input")})
    assert GraphChange.between(before, after).order
    history = History(project_with(before))
    history.apply(project_with(after), "Move b up")
    assert history.project.graphs["N"].inputs() == ("b", "a")
    history.undo()
    assert history.project.graphs["N"].inputs() == ("a", "b")
