"""Who imports whom inside the project, lazy imports and imports for type checkers counted."""

import ast
from collections.abc import Iterable, Set

import networkx as nx

from tests.architecture.source import SourceFile


def import_cycles(files: Iterable[SourceFile]) -> list[str]:
    """Each group of modules that reach each other, as one line with the places of its imports."""
    by_name = {file.module: file for file in files}
    graph = nx.DiGraph()
    for name, file in by_name.items():
        for statement in file.nodes(ast.Import, ast.ImportFrom):
            for module in imported(file, statement, by_name.keys()) - {name}:
                graph.add_edge(name, module, where=file.at(statement))
    groups = nx.strongly_connected_components(graph)
    return sorted(describe(graph.subgraph(group)) for group in groups if len(group) > 1)


def describe(cycle: nx.DiGraph) -> str:
    links = sorted(f"{where} imports {module}" for _, module, where in cycle.edges(data="where"))
    return f"{', '.join(sorted(cycle))} import each other: {'; '.join(links)}"


def imported(file: SourceFile, statement: ast.Import | ast.ImportFrom, known: Set[str]) -> set[str]:
    """The known modules that the statement names; `from a import b` means a.b where that is a module, else a."""
    if isinstance(statement, ast.Import):
        return {alias.name for alias in statement.names} & known
    base = absolute(file, statement)
    inner = {f"{base}.{alias.name}" for alias in statement.names}
    return (inner if inner <= known else inner | {base}) & known


def absolute(file: SourceFile, statement: ast.ImportFrom) -> str:
    """The module after `from`, with the dots of a relative import resolved."""
    if not statement.level:
        return statement.module or ""
    parts = file.module.split(".")
    package = parts[: len(parts) - statement.level + file.is_package]
    return ".".join([*package, *([statement.module] if statement.module else [])])
