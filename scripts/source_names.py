"""What a name stands for at a place in a source: the values given to it that can arrive there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def within(scope: ast.AST) -> tuple[ast.AST, ...]:
    """Return the nodes of a scope that are in none of the functions within it."""
    found = []
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, FUNCTIONS):
            found.append(node)
            waiting.extend(ast.iter_child_nodes(node))
    return tuple(found)


def assigned(scope: ast.AST, name: ast.Name) -> list[ast.expr]:
    """Return what a name may stand for at its place in a scope."""
    if isinstance(scope, ast.Module):
        return []
    blocks = _blocks(scope)
    here = blocks.get(id(name), ())
    found = [
        (value.lineno, blocks[id(node)], value)
        for node in _giving(scope)
        for value in _values_given(node, name.id)
        if value.lineno <= name.lineno and not _apart(blocks[id(node)], here)
    ]
    found.sort(key=lambda each: each[0])
    sure = [n for n, (_line, block, _value) in enumerate(found) if here[: len(block)] == block]
    return [value for _line, _block, value in found[sure[-1] if sure else 0 :]]


@cache
def _giving(scope: ast.AST) -> tuple[ast.AST, ...]:
    """Return the nodes of a scope that may give a value to a name."""
    kinds = (ast.Assign, ast.NamedExpr, ast.For, ast.comprehension)
    return tuple(node for node in within(scope) if isinstance(node, kinds))


def _values_given(node: ast.AST, name: str) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _given(target, node.value, name)
    elif isinstance(node, ast.NamedExpr):
        yield from _given(node.target, node.value, name)
    elif isinstance(node, ast.For | ast.comprehension):
        yield from _given(node.target, node.iter, name)


@cache
def _blocks(scope: ast.AST) -> dict[int, tuple[str, ...]]:
    """Return the blocks of statements that each node is in, from the outermost."""
    found: dict[int, tuple[str, ...]] = {}

    def note(node: ast.AST, block: tuple[str, ...]) -> None:
        found[id(node)] = block
        for part, value in ast.iter_fields(node):
            inside = isinstance(node, ast.If | ast.Try | ast.For | ast.While | ast.ExceptHandler)
            below = (*block, f"{id(node)}.{part}") if inside and part != "test" else block
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    note(child, below)

    note(scope, ())
    return found


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two blocks are branches of which only one is taken."""
    for first, second in zip(one, other, strict=False):
        if first != second:
            return first.partition(".")[0] == second.partition(".")[0]
    return False


def _given(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    """Yield what an assignment gives a name, part by part where both sides are tuples."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for part, own in zip(target.elts, value.elts, strict=False):
            yield from _given(part, own, name)
    elif any(isinstance(t, ast.Name) and t.id == name for t in ast.walk(target)):
        yield value
