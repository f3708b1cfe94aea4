"""Where the nodes of a graph stand once it is laid out."""

from collections.abc import Sequence
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.compiler.check import check
from studio.core.graph import Graph, Link, Links, Node
from studio.core.layout import Arrangement, Bodies, Body, arrange, ports_below
from studio.core.layout.columns import Columns, crossings, sort_columns
from studio.core.layout.layers import Tie, layers_of, turned
from studio.core.project import Project
from tests.core.layout.graphs import Sketch, at_random, attention, chain, inception, residual, u_net
from tests.networks import resnet

GRAPHS = {
    "chain": chain(40),
    "residual": residual(12),
    "residual, joined": residual(9, joined=True),
    "inception": inception(6),
    "u-net": u_net(5),
    "attention": attention(),
    "random": at_random(60, 90, seed=1),
    "random, dense": at_random(40, 160, seed=2),
}
each_graph = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)


def overlapping(arrangement: Arrangement, bodies: Bodies) -> list[tuple[str, str]]:
    """Pairs of nodes of which one covers a part of the other."""
    boxes = {
        name: (x, y, x + bodies.get(name, Body()).width, y + bodies.get(name, Body()).height)
        for name, (x, y) in arrangement.places.items()
    }
    ordered = sorted(boxes, key=lambda name: boxes[name][0])
    found = []
    for at, name in enumerate(ordered):
        _, top, right, bottom = boxes[name]
        for other in ordered[at + 1 :]:
            if boxes[other][0] >= right:
                break
            if boxes[other][1] < bottom and boxes[other][3] > top:
                found.append((name, other))
    return found


def columns_of(graph: Graph) -> Columns:
    """The graph in columns, in the order in which they are first filled."""
    names = list(graph.nodes)
    heights = {name: ports_below(link.input for link in graph.links.into.get(name, ())) for name in names}
    ties = [Tie(names.index(k.source), names.index(k.target), 16.0, heights[k.target][k.input]) for k in graph.links]
    ties = turned(len(names), ties)
    return Columns.of(ties, layers_of(len(names), ties))


def by_barycenters(columns: Columns, sweeps: int = 12) -> int:
    """The fewest crossings that sweeps by means alone come upon."""
    fewest = crossings(columns)
    for number in range(sweeps):
        sides = columns.right if number % 2 else columns.left
        order = columns.order[::-1] if number % 2 else columns.order
        for near, column in pairwise(order):
            at = {item: index for index, item in enumerate(near)}
            means = {
                item: sum(at[end[0]] for end in sides[item]) / len(sides[item]) if sides[item] else index
                for index, item in enumerate(column)
            }
            column.sort(key=means.__getitem__)
        fewest = min(fewest, crossings(columns))
    return fewest


@each_graph
def test_no_node_covers_another(graph: Graph) -> None:
    sizes = [(96.0, 32.0), (216.0, 152.0), (120.0, 112.0)]
    bodies = {name: Body(*sizes[at % 3]) for at, name in enumerate(graph.nodes)}
    arrangement = arrange(graph, bodies)
    assert arrangement.places.keys() == graph.nodes.keys()
    assert overlapping(arrangement, bodies) == []


@each_graph
def test_the_same_graph_is_laid_out_the_same_way(graph: Graph) -> None:
    assert arrange(graph) == arrange(Graph(dict(graph.nodes), Links(graph.links)))


@each_graph
def test_links_lead_to_the_right_but_from_row_to_row(graph: Graph) -> None:
    places = arrange(graph).places
    back = [link for link in graph.links if places[link.source][0] >= places[link.target][0]]
    assert len(back) <= len(graph.links) / 5
    assert all(places[link.source][1] < places[link.target][1] for link in back), "a row leads to the next one"


@each_graph
def test_links_cross_no_more_often_than_by_barycenters(graph: Graph) -> None:
    sorted_well = columns_of(graph)
    sort_columns(sorted_well)
    assert crossings(sorted_well) <= by_barycenters(columns_of(graph))


@pytest.mark.parametrize("name", ["chain", "residual", "inception", "u-net", "attention"])
def test_networks_are_drawn_without_a_crossing(name: str) -> None:
    columns = columns_of(GRAPHS[name])
    sort_columns(columns)
    assert crossings(columns) == 0


def test_what_feeds_the_upper_port_stands_above() -> None:
    sketch = Sketch()
    names = [f"source {at}" for at in range(6)]
    for name in names:
        sketch.add(name)
    sketch.add("joint", *reversed(names), ports=("a", "b", "c", "d", "e", "f"))
    places = arrange(sketch.graph).places
    assert sorted(names, key=lambda name: places[name][1]) == names[::-1]


def test_what_an_upper_port_feeds_stands_above() -> None:
    names = ["last", "middle", "first"]
    links = Links(Link("data", port, name, "in") for name, port in zip(names, "cba", strict=True))
    graph = Graph({name: Node("Any") for name in ["data", *names]}, links)
    places = arrange(graph, {"data": Body(outputs=ports_below("abc"))}).places
    assert sorted(names, key=lambda name: places[name][1]) == ["first", "middle", "last"]


def test_a_short_chain_is_one_straight_row() -> None:
    places = arrange(chain(5)).places
    assert {y for _, y in places.values()} == {0.0}


def test_a_long_chain_is_folded_into_even_rows_that_a_laptop_shows() -> None:
    places = arrange(chain(18)).places
    rows: dict[float, list[float]] = {}
    for x, y in places.values():
        rows.setdefault(y, []).append(x)
    assert [len(row) for row in rows.values()] == [5, 5, 5, 3] or [len(row) for row in rows.values()] == [5, 5, 4, 4]
    assert all(max(row) < 1240 for row in rows.values())


def heights(arrangement: Arrangement, names: Sequence[str]) -> set[float]:
    return {arrangement.places[name][1] for name in names}


@pytest.mark.parametrize("blocks", [6, 30])
def test_a_residual_stream_without_a_break_is_straight_however_long(blocks: int) -> None:
    arrangement = arrange(residual(blocks, joined=True))
    stream = ["image", "stem", *(f"add {at}" for at in range(blocks)), "scores"]
    assert len(heights(arrangement, stream)) == 1
    for at in range(blocks):
        inside = [f"{name} {at}" for name in ("conv a", "norm a", "relu", "conv b", "norm b")]
        assert len(heights(arrangement, inside)) == 1


def test_residual_blocks_stand_in_rows_one_below_the_other() -> None:
    arrangement = arrange(residual(6))
    for at in range(1, 5):
        row, following = arrangement.places[f"add {at}"], arrangement.places[f"add {at + 1}"]
        assert arrangement.places[f"conv a {at}"][0] < row[0]
        assert following[0] == row[0]
        assert following[1] > row[1]


def test_no_node_stands_on_a_straight_link_that_passes_it() -> None:
    for graph in (residual(9, joined=True), u_net(5)):
        places = arrange(graph).places
        for link in graph.links:
            (left, top), (right, end) = places[link.source], places[link.target]
            if top != end or left >= right:
                continue
            passed = [
                name for name, (x, y) in places.items() if left < x < right and y <= top + 16 <= y + Body().height
            ]
            assert passed == [], link


@pytest.mark.parametrize("first", range(3))
def test_a_link_to_the_next_row_runs_down_beside_wider_nodes_below_its_own(first: int) -> None:
    sketch, wide = Sketch(), {}
    sketch.chain(sketch.add("0"), *map(str, range(1, 12)))
    for at in range(first, 11, 3):
        wide[sketch.add(f"beside {at + 1}", str(at))] = Body(width=320.0)
    places = arrange(sketch.graph, wide).places
    folds = [at for at in range(11) if places[str(at)][0] > places[str(at + 1)][0]]
    assert folds
    for at in folds:
        if (below := places.get(f"beside {at}")) is not None:
            assert below[1] > places[str(at)][1]
            assert below[0] + 320.0 == places[str(at)][0] + Body().width


def test_the_links_across_a_u_are_level() -> None:
    arrangement = arrange(u_net(5))
    for level in range(5):
        assert len(heights(arrangement, [f"down b {level}", f"join {level}"])) == 1
    levels = [arrangement.places[f"join {level}"][1] for level in range(5)]
    assert levels == sorted(levels), "the deeper, the lower"


def test_what_a_long_link_passes_stands_below_it() -> None:
    sketch = Sketch()
    first = sketch.add("first")
    inside = sketch.chain(first, "a", "b")
    sketch.add("joint", inside, first)
    places = arrange(sketch.graph).places
    assert places["first"][1] == places["joint"][1] < places["a"][1] == places["b"][1]


def test_parts_that_no_link_joins_stand_side_by_side() -> None:
    sketch = Sketch()
    for part in ("a", "b"):
        sketch.chain(sketch.add(f"{part}0"), f"{part}1")
    places = arrange(sketch.graph).places
    assert {y for _, y in places.values()} == {0.0}
    assert places["a1"][0] < places["b0"][0]


def test_a_circle_leads_back_once() -> None:
    links = Links(Link(*pair) for pair in (("a", "o", "b", "i"), ("b", "o", "c", "i"), ("c", "o", "a", "i")))
    places = arrange(Graph({name: Node("Any") for name in "abc"}, links)).places
    assert places["a"][0] < places["b"][0] < places["c"][0]


def test_a_group_has_a_frame_to_itself() -> None:
    graph = residual(4)
    groups = [[f"{name} 1" for name in ("conv a", "norm a", "relu", "conv b", "norm b", "add")], ["image", "stem"]]
    arrangement = arrange(graph, groups=groups)
    assert overlapping(arrangement, {}) == []
    for group, frame in zip(groups, arrangement.frames, strict=True):
        assert frame is not None
        assert inside(arrangement, frame) == set(group)


def test_a_group_within_a_group_has_a_frame_within_a_frame() -> None:
    outer, inner = arrange(chain(6), groups=[["1", "2", "3"], ["2"]]).frames
    assert outer is not None
    assert inner is not None
    assert outer[0] < inner[0]
    assert outer[1] < inner[1]
    assert inner[0] + inner[2] < outer[0] + outer[2]
    assert inner[1] + inner[3] < outer[1] + outer[3]


def inside(arrangement: Arrangement, frame: tuple[float, float, float, float]) -> set[str]:
    """Nodes that touch a frame."""
    left, top, width, height = frame
    return {
        name
        for name, (x, y) in arrangement.places.items()
        if left - Body().width < x < left + width and top - Body().height < y < top + height
    }


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Graph, Bodies, list[list[str]]]:
    """Any graph with circles, loops and double links, nodes of any size, and any groups."""
    count = draw(st.integers(0, 14))
    names = [str(number) for number in range(count)]
    node = st.sampled_from(names) if names else st.nothing()
    links = draw(st.lists(st.builds(Link, node, st.sampled_from("ab"), node, st.sampled_from("xy")), max_size=30))
    size = st.floats(32, 400)
    bodies = {name: Body(draw(size), draw(size), ports_below("xy"), ports_below("ab")) for name in names}
    groups = draw(st.lists(st.lists(node, unique=True), max_size=3)) if names else []
    return Graph({name: Node("Any") for name in names}, Links(dict.fromkeys(links))), bodies, groups


@settings(max_examples=300)
@given(graphs())
def test_any_graph_is_laid_out_without_overlap(drawn: tuple[Graph, Bodies, list[list[str]]]) -> None:
    graph, bodies, groups = drawn
    arrangement = arrange(graph, bodies, groups)
    assert arrangement.places.keys() == graph.nodes.keys()
    assert overlapping(arrangement, bodies) == []
    for group, frame in zip(groups, arrangement.frames, strict=True):
        assert (frame is None) == (not group)


@settings(max_examples=100)
@given(graphs())
def test_frames_that_share_no_node_do_not_overlap(drawn: tuple[Graph, Bodies, list[list[str]]]) -> None:
    graph, bodies, groups = drawn
    frames = arrange(graph, bodies, groups).frames
    for (one, a), (other, b) in combinations(zip(groups, frames, strict=True), 2):
        if a and b and not set(one) & set(other):
            apart = a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
            assert apart


def test_tall_groups_stand_side_by_side_with_their_tops_in_line():
    graph = resnet(152)
    stages = [[name for name in graph.nodes if name.startswith(f"layer{stage}.")] for stage in (1, 2, 3, 4)]
    first, second, third, fourth = (rectangle for rectangle in arrange(graph, groups=stages).frames if rectangle)
    assert first[1] == second[1]
    assert third[1] == fourth[1]
    assert first[0] < second[0]
    assert third[0] < fourth[0]


def test_a_drawn_resnet_152_has_the_weights_of_the_paper_and_a_page_wider_than_high():
    graph = resnet(152)
    assert check(Project(graphs={"ResNet-152": graph})).graphs["ResNet-152"].weights == 60_192_808
    x, y = zip(*(node.position for node in graph.nodes.values()), strict=True)
    assert 1.0 < (max(x) - min(x)) / (max(y) - min(y)) < 2.5
