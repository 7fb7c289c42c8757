"""Find every error message that zotsync can print, with what it says to do, in the sources.

A message is what goes into an error of `zotsync.errors`, or into a `Problem`: directly, through a variable, a
table of the module, or a function that makes errors or their words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from source_names import FUNCTIONS, Function, assigned, within

from zotsync import errors

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "zotsync"
MARKS = frozenset({"_", "N_", "ngettext"})
ERRORS = frozenset(
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.ZotsyncError | errors.Problem)
) | {"Finding"}
"""What holds a message: errors, problems, and what is found wrong in a theme."""
_MESSAGE_AND_HINT = "tuple[str, str]"
_DEPTH = 5
"""How far a message is followed from where it is printed to where its words stand."""

Text = tuple[str, ...]
"""A msgid: one form, or singular and plural."""


@dataclass
class Found:
    """A message: the errors that it is the message of, the modules that say it, what they say to do."""

    kinds: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    hints: dict[Text, None] = field(default_factory=dict)


def called(call: ast.Call) -> str:
    """Return the last name of what is called."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def texts_of(call: ast.Call) -> list[Text]:
    """Return the msgid that a call of `_`, `N_` or `ngettext` marks."""
    strings = [a.value for a in call.args if isinstance(a, ast.Constant)]
    forms = tuple(s for s in strings[:2] if isinstance(s, str) and s)
    return [forms] if forms else []


def _is_entry(node: ast.AST) -> bool:
    """Return whether this is a command in the table of commands: its line is help, no message."""
    return isinstance(node, ast.Call) and called(node) == "Entry"


def words_of(annotation: ast.expr | None) -> set[str]:
    """Return the names in an annotation."""
    if annotation is None:
        return set()
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}


class Module:
    """A source file, and what its names mean."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name, self.tree = name, tree

    @cached_property
    def functions(self) -> dict[str, Function]:
        """Return the functions and methods that are defined here."""
        nodes = (node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS))
        found: dict[str, Function] = {node.name: node for node in nodes}
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, FUNCTIONS) and method.name == "__init__":
                        found[node.name] = method
        return found

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Return the values of the names on the level of the module."""
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                found |= {t.id: node.value for t in node.targets if isinstance(t, ast.Name)}
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found |= {node.target.id: node.value} if node.value else {}
        return found

    @cached_property
    def pairs(self) -> dict[Text, Text]:
        """Return what tables of this module say to do beside their messages."""
        found: dict[Text, Text] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Tuple):
                told = [text for part in node.elts for text in _marked(part)]
                if len(told) == 2:  # noqa: PLR2004 - a message and its hint
                    found[told[0]] = told[1]
        return found

    @cached_property
    def imported(self) -> dict[str, str]:
        """Return the module that each imported name is from."""
        return {
            alias.asname or alias.name: node.module
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }


class Sources:
    """All modules of a package, searched for error messages."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self.modules = modules

    def messages(self) -> dict[Text, Found]:
        """Return every message."""
        found: dict[Text, Found] = {}
        for module in self.modules.values():
            for scope in (module.tree, *module.functions.values()):
                for call, kinds in self._error_calls(module, scope):
                    self._take(found, module, kinds, self._said(module, scope, call))
            for function in module.functions.values():
                for said in self._returned_with_hints(module, function):
                    self._take(found, module, {"Problem"}, said)
        advice = {hint for entry in found.values() for hint in entry.hints} - self._beside_hints
        for entry in found.values():
            entry.hints = {h: None for h in entry.hints if h not in self._beside_hints}
        return {
            text: entry
            for text, entry in found.items()
            if text not in advice and (entry.hints or not _is_of_doctor(entry))
        }

    @cached_property
    def _beside_hints(self) -> set[Text]:
        """Return the messages that stand beside what they say to do: they are no hints themselves."""
        return {text for m in self.modules.values() for text in m.pairs} | {
            text
            for module in self.modules.values()
            for function in module.functions.values()
            for told, _hints in self._returned_with_hints(module, function)
            for text in told
        }

    def _take(
        self,
        found: dict[Text, Found],
        module: Module,
        kinds: set[str],
        said: tuple[list[Text], list[Text]],
    ) -> None:
        told, hints = said
        pairs = {first: second for m in self.modules.values() for first, second in m.pairs.items()}
        from_table = not pairs.keys().isdisjoint(hints)
        general = [h for h in hints if not (from_table and h in {*pairs, *pairs.values()})]
        for text in told:
            if len(text[0].split()) == 1:
                continue  # what is filled in elsewhere
            entry = found.setdefault(text, Found())
            entry.kinds |= kinds
            entry.modules.add(module.name)
            own = [pairs[text]] if text in pairs else []
            entry.hints |= dict.fromkeys(own or general)

    def _said(
        self, module: Module, scope: ast.AST, call: ast.Call
    ) -> tuple[list[Text], list[Text]]:
        """Return the messages and the hints in the arguments of a call that makes an error."""
        told: list[Text] = []
        hints: list[Text] = []
        names = [*self._parameters(module, called(call)), *[""] * len(call.args)]
        named = list(zip(names, call.args, strict=False))
        for name, value in (*named, *((k.arg or "", k.value) for k in call.keywords)):
            named_hint = any(isinstance(n, ast.Name) and n.id == "hint" for n in ast.walk(value))
            place = hints if name == "hint" or named_hint else told
            place.extend(self._texts(module, scope, value, _DEPTH))
        return told, hints

    def _returned_with_hints(
        self, module: Module, function: Function
    ) -> Iterator[tuple[list[Text], list[Text]]]:
        """Yield the messages and hints of a function that returns pairs of them."""
        if function.returns is None or _MESSAGE_AND_HINT not in ast.unparse(function.returns):
            return
        for node in within(function):
            if isinstance(node, ast.Return) and node.value is not None:
                pairs = (n for n in ast.walk(node.value) if isinstance(n, ast.Tuple))
                for message, hint in (n.elts for n in pairs if len(n.elts) == 2):  # noqa: PLR2004
                    told, hints = (
                        self._texts(module, function, part, _DEPTH) for part in (message, hint)
                    )
                    yield told, hints

    def _parameters(self, module: Module, name: str) -> list[str]:
        """Return what the arguments of a function or a class are called."""
        if name == "Problem":
            return ["message", "place", "hint"]
        function = self._function(module, name)
        names = [a.arg for a in function.args.args] if function else []
        return names[1:] if names[:1] == ["self"] else names

    def _error_calls(self, module: Module, scope: ast.AST) -> Iterator[tuple[ast.Call, set[str]]]:
        """Yield the calls in a scope (functions within it aside) that make errors, and of which kind."""
        own = self._kinds(words_of(getattr(scope, "returns", None)))
        raised = [node.exc for node in within(scope) if isinstance(node, ast.Raise)]
        for node in within(scope):
            if not isinstance(node, ast.Call) or called(node) in MARKS:
                continue
            name = called(node)
            maker = self._function(module, name)
            kinds = self._kinds({name} | (words_of(maker.returns) if maker else set()))
            if "message" in self._parameters(module, name):
                kinds = kinds or {"Problem"}
            if kinds:
                yield node, kinds
            elif any(child is node for child in raised):
                yield node, own or {"Problem"}

    @cached_property
    def _narrower(self) -> dict[str, str]:
        """Return the errors that modules have of their own: name -> which of `ERRORS` it is."""
        return {
            node.name: base
            for module in self.modules.values()
            for node in module.tree.body
            if isinstance(node, ast.ClassDef) and node.name not in ERRORS
            for base in [b.id for b in node.bases if isinstance(b, ast.Name) and b.id in ERRORS]
        }

    def _kinds(self, names: set[str]) -> set[str]:
        """Return which of `ERRORS` names stand for."""
        return {self._narrower.get(name, name) for name in names} & ERRORS

    def _function(self, module: Module, name: str) -> Function | None:
        if name in module.functions:
            return module.functions[name]
        home = self.modules.get(module.imported.get(name, ""))
        return home.functions.get(name) if home else None

    def _texts(self, module: Module, scope: ast.AST, value: ast.AST, depth: int) -> list[Text]:
        """Return the msgids that `value` may stand for."""
        if not depth:
            return []
        found = []
        help_texts = {n for c in ast.walk(value) if _is_entry(c) for n in ast.walk(c)}
        for node in ast.walk(value):
            if node in help_texts:
                continue
            if isinstance(node, ast.Call):
                found += texts_of(node) if called(node) in MARKS else []
                found += self._returned(module, called(node), depth)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                for source in assigned(scope, node):
                    found += self._texts(module, scope, source, depth - 1)
                home, constant = self._constant(module, node.id)
                if constant is not None:
                    found += self._texts(home, home.tree, constant, 1)
        return list(dict.fromkeys(found))

    def _constant(self, module: Module, name: str) -> tuple[Module, ast.expr | None]:
        home = self.modules.get(module.imported.get(name, ""), module)
        value = home.constants.get(name)
        marked = value is not None and any(
            isinstance(node, ast.Call) and called(node) in MARKS for node in ast.walk(value)
        )
        return home, value if marked else None

    def _returned(self, module: Module, name: str, depth: int) -> list[Text]:
        """Return the msgids of what a function that gives words returns."""
        function = self._function(module, name)
        if function is None or name in MARKS or "str" not in words_of(function.returns):
            return []
        home = module if name in module.functions else self.modules[module.imported[name]]
        returned = (n.value for n in within(function) if isinstance(n, ast.Return) and n.value)
        return [t for value in returned for t in self._texts(home, function, value, depth - 1)]


def _marked(value: ast.expr) -> list[Text]:
    """Return the msgid of `_("…")` or `_("…").format(…)`."""
    if isinstance(value, ast.Call) and called(value) in MARKS:
        return texts_of(value)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return _marked(value.func.value)
    return []


def _is_of_doctor(found: Found) -> bool:
    """Return whether only `zotsync doctor` says it: what has no hint there is in order."""
    return all("doctor" in name for name in found.modules)


def sources(folder: Path = PACKAGE) -> Sources:
    """Read a package's sources."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, ast.parse(path.read_text(encoding="utf-8")))
    return Sources(found)
