"""The patterns of a theme's lines: Jinja2, sandboxed, compiled once, with filters for French references."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from jinja2 import TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from zotsync.errors import Place, ThemeError
from zotsync.handout.nearest import near, near_or_all
from zotsync.handout.text import dates
from zotsync.handout.text.people import names, of_kind, stop
from zotsync.i18n import _

_SEVERAL = re.compile(r"[-–—,;&/]| et ")
_PAGED = re.compile(r"pp?\.|.*\dp\.?$", re.IGNORECASE | re.DOTALL)
_EXTENT = re.compile(r"([\divxlc][\divxlc,+ -]*?)\s*(?:p\.?|pages)?", re.IGNORECASE)
_WORD = re.compile(r"n°|n[o.]|vol|t\.|hors|[^\W\d_]{4,}", re.IGNORECASE)


def parts(values: Sequence[str], separator: str = ", ") -> str:
    """Return the values that are not empty, the separator between them."""
    return separator.join([value for value in values if value])


def before(value: str, text: str) -> str:
    """Return `value` with `text` before it; nothing where it is empty."""
    return f"{text}{value}" if value else ""


def after(value: str, text: str) -> str:
    """Return `value` with `text` behind it; nothing where it is empty."""
    return f"{value}{text}" if value else ""


def numbered(value: str, sign: str = "n°") -> str:
    """Return an issue or volume with its sign: `n°57`; one in words (`Hors-série 3`) as typed."""
    return value if not value or _WORD.match(value) else f"{sign}{value}"


def pages(value: str, one: str = "p.", several: str = "pp.") -> str:
    """Return pages with their sign: `p.40`, `pp.28-32`; one typed with its sign as it is."""
    if not value or _PAGED.match(value):
        return value
    return f"{several if _SEVERAL.search(value) else one}{value}"


def extent(value: str, sign: str = "p.") -> str:
    """Return how many pages there are: `185p.`; anything but a number as typed."""
    found = _EXTENT.fullmatch(value)
    return f"{found[1]}{sign}" if found else value


def one_number(value: str) -> str:
    """Return `value` where it is one number; nothing where it is a range or anything else."""
    return value if value.isdigit() else ""


def day(value: str) -> str:
    """Return a date in words, without its time of day: `3 mars 2021` for `2021-03-03T10:00:00Z`."""
    start = value[: len("2021-03-03")]
    return dates.words(start if dates.parse_iso(start) else value)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "parts": parts,
    "before": before,
    "after": after,
    "numbered": numbered,
    "pages": pages,
    "extent": extent,
    "one_number": one_number,
    "stop": stop,
    "day": day,
    "names": names,
    "of": of_kind,
}
_UNKNOWN_FILTER = re.compile(r"No filter named '(.+)'")
_UNBALANCED = re.compile("unexpected (char|end|')|expected token")
_AT_WORK = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def compile_patterns(
    texts: Mapping[str, str], place: Callable[[str], Place]
) -> Mapping[str, Compiled]:
    """Return item type -> compiled pattern. Raises ThemeError naming the one that does not compile."""
    environment = ImmutableSandboxedEnvironment(autoescape=False)
    environment.context_class = _Asking
    environment.filters.update(FILTERS)
    return {name: Compiled(environment, text, place(name)) for name, text in texts.items()}


class _Asking(Context):
    """Asks an item for what a pattern names, and for nothing else."""

    asked: Mapping[str, Any]

    def ask_only(self, values: Mapping[str, Any]) -> None:
        """Ask `values` for every name, without a detour."""
        self.__dict__["resolve_or_missing"] = values.__getitem__

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        return self.parent[key] if key in self.parent else self.asked[key]

    def derived(self, locals: dict[str, Any] | None = None) -> _Asking:  # noqa: A002 - Jinja2's word
        """Return a context for a block."""
        made = cast(_Asking, super().derived(locals))
        made.asked = self.asked
        return made


class Compiled:
    """One pattern of a theme: values of an item in, the text of a line out."""

    def __init__(self, environment: ImmutableSandboxedEnvironment, text: str, place: Place) -> None:
        self.place = place
        try:
            tree = environment.parse(text)
            self.names = meta.find_undeclared_variables(tree) - set(environment.globals)
            # every name is an item's: no function of Jinja2, no block, which has a context of its own
            used = {name.name for name in tree.find_all(nodes.Name)}
            self._is_plain = used.isdisjoint(environment.globals) and not tree.find(nodes.Block)
            self._only = _one_name(tree) if self._is_plain else ""
            self._template = environment.from_string(text)
            # one context for all items: Jinja2 makes one a render, which costs more than the pattern
            self._context = cast(
                _Asking, self._template.new_context(environment.globals, shared=True)
            )
        except TemplateError as exc:
            message, hint = _unreadable(exc)
            raise ThemeError(message, place=place, hint=hint) from exc
        self._bare = ""
        self._bare = self(defaultdict(str)).strip()

    def __call__(self, values: Mapping[str, Any]) -> str:
        """Return the line's text; "" where nothing of the item is in it, whatever the pattern adds.

        `values` have every name that the pattern has, "" for what is missing.
        Raises ThemeError where the pattern fails at work.
        """
        try:
            text = str(values[self._only]) if self._only else self._rendered(values)
        except _AT_WORK as exc:
            message = _("This pattern fails: {reason}").format(reason=exc)
            raise ThemeError(message, place=self.place) from exc
        return "" if text.strip() == self._bare else text

    def _rendered(self, values: Mapping[str, Any]) -> str:
        if self._is_plain:
            self._context.ask_only(values)
        else:
            self._context.asked = values
            self._context.vars.clear()
        return "".join(self._template.root_render_func(self._context))

    def check(self, known: frozenset[str]) -> None:
        """Raise ThemeError where the pattern asks for a value that no item has."""
        if unknown := sorted(self.names - known):
            message = _("This pattern asks for something unknown: {names}.")
            message = message.format(names=", ".join(unknown))
            raise ThemeError(message, place=self.place, hint=near(unknown[0], sorted(known)))


def _one_name(tree: nodes.Template) -> str:
    """Return the name that a pattern consists of (`{{ authors }}`), which needs no Jinja2; else ""."""
    match tree.body:
        case [nodes.Output(nodes=[nodes.Name(name=str(name))])]:
            return name
    return ""


def _unreadable(exc: TemplateError) -> tuple[str, str]:
    """Return what is wrong with a pattern that Jinja2 refuses, and what to do."""
    reason = (exc.message if isinstance(exc, TemplateSyntaxError) else str(exc)) or ""
    if unknown := _UNKNOWN_FILTER.match(reason):
        message = _("This pattern has an unknown word behind “|”: {name}.").format(name=unknown[1])
        return message, near_or_all(unknown[1], sorted(FILTERS))
    if _UNBALANCED.match(reason):
        message = _(
            "In this pattern a bracket, a quote or a comma is missing, or is one too many: {reason}"
        )
        return message.format(reason=reason), ""
    return _("This pattern cannot be read: {reason}").format(reason=reason), ""
