"""Laying out a drawn graph, or a part of it, where it is."""

from dataclasses import replace

from studio.core.graph import Frame, Graph, Links
from studio.core.layout import members, tidied
from tests.core.layout.graphs import chain, residual


def scattered(graph: Graph) -> Graph:
    """The graph with its nodes all over the place."""
    return graph.move({name: (at * 37.0 % 500 + 100, at * 91.0 % 700 + 50) for at, name in enumerate(graph.nodes)})


def corner(graph: Graph, names: list[str]) -> tuple[float, float]:
    positions = [graph.nodes[name].position for name in names]
    return min(x for x, _ in positions), min(y for _, y in positions)


def test_a_graph_stays_where_it_is() -> None:
    graph = scattered(residual(3))
    assert corner(tidied(graph, {}), list(graph.nodes)) == corner(graph, list(graph.nodes))


def test_what_is_tidy_is_not_edited() -> None:
    tidy = tidied(scattered(residual(3)), {})
    assert tidied(tidy, {}) is tidy


def test_only_the_nodes_that_are_named_move_and_they_stay_where_they_were() -> None:
    graph = scattered(chain(9))
    names = ["3", "4", "5"]
    tidy = tidied(graph, {}, names)
    assert {name for name in graph.nodes if tidy.nodes[name] is not graph.nodes[name]} <= set(names)
    assert corner(tidy, names) == corner(graph, names)
    assert tidy.nodes["3"].position[0] < tidy.nodes["4"].position[0] < tidy.nodes["5"].position[0]


def test_frames_go_along_with_their_nodes_and_hold_no_others() -> None:
    graph = chain(9).move({str(at): (at * 240.0, 0.0) for at in range(9)})
    graph = replace(graph, frames=(Frame("middle", (220.0, -48.0, 700.0, 250.0)),))
    assert members(graph.frames[0], graph, {}) == {"1", "2", "3"}
    tidy = tidied(scattered_around(graph), {})
    assert tidy.frames[0].title == "middle"
    assert tidy.frames[0] != graph.frames[0]
    assert members(tidy.frames[0], tidy, {}) == {"1", "2", "3"}


def scattered_around(graph: Graph) -> Graph:
    """The nodes outside the frame elsewhere, those inside it one on the other."""
    inside = {str(at): (300.0 + at, 10.0 * at) for at in (1, 2, 3)}
    return graph.move({**{str(at): (at * 300.0, 900.0) for at in (0, 4, 5, 6, 7, 8)}, **inside})


def test_a_frame_stays_with_a_node_that_stays() -> None:
    graph = chain(4).move({str(at): (0.0, at * 200.0) for at in range(4)})
    graph = replace(graph, frames=(Frame("all", (-24.0, -48.0, 300.0, 900.0)), Frame("note", (900.0, 0.0, 90.0, 90.0))))
    assert tidied(graph, {}, ["1", "2"]).frames == graph.frames


def test_a_frame_without_nodes_stays() -> None:
    graph = replace(scattered(chain(4)), frames=(Frame("note", (5000.0, 0.0, 90.0, 90.0)),))
    assert tidied(graph, {}).frames == graph.frames


def test_links_no_longer_run_through_points_that_belonged_to_where_nodes_stood() -> None:
    graph = scattered(chain(4))
    first, second, third = graph.links
    led = replace(graph, links=Links((replace(first, via=((1.0, 2.0),)), second, replace(third, via=((3.0, 4.0),)))))
    assert tidied(led, {}).links == graph.links
    assert tidied(led, {}, ["0", "1"]).links == (first, second, replace(third, via=((3.0, 4.0),)))


def test_an_empty_graph_is_tidy() -> None:
    graph = Graph()
    assert tidied(graph, {}) is graph
