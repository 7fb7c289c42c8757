"""A theme looked through before anybody prints with it: everything that is missing or wrong, at once."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from zotsync.config import Centre
from zotsync.errors import Place, Problem, ThemeError
from zotsync.handout import layout
from zotsync.handout.choices import Choices
from zotsync.handout.entry import Role
from zotsync.handout.lines import Pattern
from zotsync.handout.nearest import near_or_all
from zotsync.handout.render import House, rules_of
from zotsync.handout.spots import lines_of
from zotsync.handout.text.typography import NARROW
from zotsync.handout.theming.basecheck import check_base
from zotsync.handout.theming.findings import Finding, note, wrong
from zotsync.handout.theming.fontcheck import check_fonts
from zotsync.handout.theming.patterns import Compiled, compile_patterns
from zotsync.handout.theming.themes import (
    BASE,
    DEFAULT_THEME,
    DEFINITION,
    Theme,
    definition,
    read_theme,
    templates_folder,
)
from zotsync.handout.theming.themesamples import samples
from zotsync.i18n import _
from zotsync.model import ItemType, Schema
from zotsync.toml_source import TomlSource

_OWNER_FILE = "~$"
_MOST = 200
"""Faults of one theme.toml after which nobody reads on."""


def check_theme(folder: Path, schema: Schema, fonts: Iterable[Path]) -> list[Finding]:
    """Return what is wrong with the theme in `folder`, and what is worth knowing about it.

    `fonts` are the folders with this machine's fonts.
    """
    model = templates_folder() / DEFAULT_THEME
    names = sorted(file.name for file in folder.iterdir())
    found = [f for name in (DEFINITION, BASE) for f in _file(folder, name, names)]
    theme = None
    if DEFINITION in names:
        told, theme = _definition(folder, schema, model)
        found += told
    if theme is not None:
        found += _patterns(theme, schema, model)
    if BASE in names:
        in_base = list(check_base(folder / BASE, model / BASE))
        found += in_base
        if not any(finding.is_wrong for finding in in_base):
            found += check_fonts(folder / BASE, fonts, thin=theme is None or theme.narrow == NARROW)
    return sorted(
        dict.fromkeys(found), key=lambda f: (f.problem.place.file, f.problem.place.line or 0)
    )


def _file(folder: Path, wanted: str, names: list[str]) -> Iterator[Finding]:
    """Yield whether a file is missing, has nearly its name, or is open in Word."""
    stem, ending = wanted.split(".")
    if wanted not in names:
        near = [n for n in names if n.casefold().startswith(f"{stem}.") and n[:1] not in "~."]
        message = _("The file {file} is missing.").format(file=wanted)
        hint = _("Copy it from another theme: zotsync themes new NAME makes a whole one.")
        if near:
            message = _("The file is named {near}, and should be named {file}.")
            message = message.format(near=near[0], file=wanted)
            hint = _("Rename it. (Windows hides the ending of names: show it in the Explorer.)")
            if not near[0].casefold().endswith(ending):
                hint = _("Open it in its program and save it as {file}.").format(file=wanted)
        yield wrong(message, Place(str(folder / (near[0] if near else wanted))), hint)
    if any(name.startswith(_OWNER_FILE) and wanted.endswith(name[2:]) for name in names):
        message = _("The file is open in Word; only what was saved is looked at.")
        yield note(message, Place(str(folder / wanted)))


def _definition(folder: Path, schema: Schema, model: Path) -> tuple[list[Finding], Theme | None]:
    """Return what is wrong in theme.toml, and the theme without it; None where it cannot be read."""
    try:
        source = definition(folder)
        data = source.parsed()
    except ThemeError as exc:
        return [Finding(exc.problem)], None
    found, theme = _read_on(folder, source, data, model)
    if theme is None:
        return found, None
    place = _Placing(source)
    labels = definition(model).parsed()["labels"]
    found += [place.unknown("labels", name, labels) for name in theme.labels if name not in labels]
    if missing := [name for name in labels if name not in theme.labels]:
        message = _("Labels are missing: {names}.").format(names=", ".join(missing))
        hint = _("Copy the lines from {file}.").format(file=model / DEFINITION)
        found.append(wrong(message, place("labels"), hint))
    creators = {name for kind in schema.item_types.values() for name in kind.creator_types}
    found += [place.unknown("creators", n, creators) for n in theme.creators if n not in creators]
    types = {*schema.item_types, "default"}
    found += [place.unknown("source", n, types) for n in theme.patterns if n not in types]
    for index, line in enumerate(theme.lines):
        unknown = [name for name in line.patterns if name not in types]
        found += [place.unknown(f"lines[{index}]", name, types) for name in unknown]
    for index, section in enumerate(theme.kinds):
        unknown = sorted(section.item_types - types)
        found += [place.unknown(f"sections[{index}]", name, types) for name in unknown]
    return found, theme


def _read_on(
    folder: Path, source: TomlSource, data: dict[str, Any], model: Path
) -> tuple[list[Finding], Theme | None]:
    """Read a theme.toml; take out what is wrong, tell it, and read on, until the rest is a theme."""
    found: list[Finding] = []
    left = copy.deepcopy(data)
    for _fault in range(_MOST):
        try:
            return found, read_theme(folder, source, left)
        except ThemeError as exc:
            spot = exc.problem.place.field
            pattern = spot.startswith(("source.", "lines["))
            found.append(_compared(exc.problem, model) if pattern else Finding(exc.problem))
            if not _take_out(left, spot):
                break
    return found, None


def _take_out(data: dict[str, Any], spot: str) -> bool:
    """Remove the setting at `spot` (`source.book`, `sections[1].title`); False if it is not there."""
    table, _dot, name = spot.partition(".")
    head, _bracket, index = table.partition("[")
    if index:
        rows = data.get(head, [])
        if not name:
            sound = {"part": "notes"} if head == "lines" else {"title": "", "itemTypes": []}
            rows[int(index[:-1])] = sound
            return True
        return rows[int(index[:-1])].pop(name, None) is not None
    if name:
        inside = data.get(table, {})
        if not isinstance(inside, dict) or name not in inside:
            return False
        if spot == "source.default" and inside[name]:
            inside[name] = ""  # it is there, whatever is wrong with it
        else:
            del inside[name]
        return True
    if table == "source" and isinstance(data.get(table), dict) and "default" not in data[table]:
        data[table]["default"] = ""
        return True
    return data.pop(table, None) is not None


class _Placing:
    """Says where something stands in theme.toml."""

    def __init__(self, source: TomlSource) -> None:
        self._file = source.file
        self._lines = lines_of(source.text)

    def __call__(self, spot: str) -> Place:
        line = self._lines.get(spot) or self._lines.get(spot.partition(".")[0])
        return Place(self._file, line, spot)

    def unknown(self, table: str, name: str, known: Iterable[str]) -> Finding:
        """Return a finding of a name that nothing answers to."""
        hint = near_or_all(name, sorted(known))
        spot = table if "[" in table else f"{table}.{name}"
        return wrong(_("{name} is not known here.").format(name=name), self(spot), hint)


def _patterns(theme: Theme, schema: Schema, model: Path) -> Iterator[Finding]:
    """Try each pattern on samples of the types it serves."""
    rules, sound = None, theme
    while rules is None:
        try:
            rules = rules_of(sound, schema, House(Centre()), Choices())
        except ThemeError as exc:
            yield _compared(exc.problem, model)
            sound = _without(sound, exc.problem.place.field)
    for kind in schema.item_types.values():
        label = schema.label("type", kind.name, theme.language[:2])
        try:
            source = _sources(kind, rules)[0]
        except ThemeError as exc:
            message = _("{text} (with a sample of the type “{kind}”)")
            message = message.format(text=exc.problem.message, kind=label)
            yield _compared(replace(exc.problem, message=message), model)
            continue
        pattern = theme.patterns.get(kind.name)
        if not source and pattern is not None and pattern is rules.patterns[kind.name]:
            message = _("The pattern prints nothing, even where every field is filled: {kind}.")
            yield note(message.format(kind=label), pattern.place)


def _without(theme: Theme, spot: str) -> Theme:
    """Return the theme without the words of the pattern at `spot` (`source.book`, `lines[1].default`)."""
    nothing = compile_patterns({spot: ""}, lambda _name: Place())[spot]

    def sound(patterns: Mapping[str, Pattern]) -> dict[str, Any]:
        return {
            name: nothing if isinstance(p, Compiled) and p.place.field == spot else p
            for name, p in patterns.items()
        }

    lines = tuple(replace(line, patterns=sound(line.patterns)) for line in theme.lines)
    return replace(theme, patterns=sound(theme.patterns), lines=lines)


def _sources(kind: ItemType, rules: layout.Rules) -> list[str]:
    """Return the source lines of samples of one type."""
    entries = (layout.lay_out("", sample, rules) for sample in samples(kind))
    return ["".join(ln.text for ln in e.lines if ln.role is Role.SOURCE) for e in entries]


def _compared(problem: Problem, model: Path) -> Finding:
    """Return what is wrong with a pattern, and where one is that works."""
    hint = _("Compare it with the patterns in {file}.").format(file=model / DEFINITION)
    return Finding(replace(problem, hint=problem.hint or hint))
