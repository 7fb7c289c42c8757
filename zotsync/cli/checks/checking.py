"""Which checks are made, and what they are told of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache, partial

from zotsync.cli.frame.opening import Opened
from zotsync.cli.frame.packaged import packaged_themes
from zotsync.cli.handouts.themes import own_themes
from zotsync.config import CONFIG_NAME, Config
from zotsync.curating.addresses import link_of
from zotsync.curating.answers import Answer
from zotsync.curating.edge import Edge
from zotsync.curating.finding import Check, Facts
from zotsync.curating.rounds import answers
from zotsync.curating.table import LINKS, chosen, is_checked
from zotsync.curating.texts import usual_apostrophe
from zotsync.errors import ConfigError, Place, PluginError, ThemeError, UsageError
from zotsync.handout.proxies import Proxies
from zotsync.handout.theming.themes import Theme, load_theme
from zotsync.i18n import _
from zotsync.model import Fields, Phase
from zotsync.sameness import Known


def checks_for(
    there: Sequence[Check],
    config: Config,
    only: Sequence[str],
    without: Sequence[str],
    *,
    links: bool,
) -> tuple[Check, ...]:
    """Return those to make of the checks there are. The command line goes before what is ignored.

    Raises:
        UsageError: there is no check of that name on the command line.
        ConfigError: nor in the configuration.

    """
    known = [check.code for check in there]
    for name in (*only, *without):
        if name not in known:
            message, hint = _unknown(name, known)
            raise UsageError(message, hint=hint)
    for name in config.check.ignore:
        if name not in known:
            message, hint = _unknown(name, known)
            raise ConfigError(message, place=Place(CONFIG_NAME, field="check.ignore"), hint=hint)
    ignored = [name for name in config.check.ignore if name not in only]
    unasked = () if links or LINKS.intersection(only) else LINKS
    return chosen(there, only, {*without, *ignored, *unasked})


def _unknown(name: str, known: Sequence[str]) -> tuple[str, str]:
    message = _("There is no check named {name}.").format(name=name)
    if close := get_close_matches(name, known, 1, 0.5):
        return message, _("Did you mean {name}?").format(name=close[0])
    return message, _("There are: {names}.").format(names=", ".join(known))


def facts_of(opened: Opened, items: Mapping[str, Fields], checks: Sequence[Check]) -> Facts:
    """Return what checks may know; where one of them wants answers, links are asked for."""
    proxies = Proxies.of(opened.config.proxy)
    looked_at = {key: fields for key, fields in items.items() if is_checked(fields)}
    facts = Facts(
        opened.schema,
        datetime.now(UTC).astimezone().date(),
        proxies,
        _printed_by_theme(opened),
        usual_apostrophe(looked_at.values()),
        Known.of(looked_at, opened.schema, proxies),
    )
    if LINKS.isdisjoint(check.code for check in checks):
        return facts
    return _with_answers(opened, facts, looked_at.values())


def _with_answers(opened: Opened, facts: Facts, items: Iterable[Fields]) -> Facts:
    urls = (link_of(fields, facts) for fields in items)
    told: Mapping[str, Answer] = answers(
        (url for url in urls if url),
        opened.workspace.private,
        Edge(),
        lambda done, total: opened.bars(Phase.LINKS, done, total),
    )
    return replace(facts, answers=told)


def _printed_by_theme(opened: Opened) -> Callable[[str], frozenset[str]] | None:
    """Return what the theme's lines print of each type; None where it cannot be read, which is told."""
    place = Place(CONFIG_NAME, field="theme")
    packaged = packaged_themes(opened.tell)
    try:
        theme = load_theme(opened.config.theme, own_themes(opened.workspace), place, packaged)
    except (PluginError, ThemeError) as exc:
        opened.tell(exc.problem)
        return None
    return lru_cache(partial(_printed, theme))


def _printed(theme: Theme, item_type: str) -> frozenset[str]:
    """Return the names of all values that the theme's own patterns ask for of a type."""
    tables = (theme.patterns, *(line.patterns for line in theme.lines))
    patterns = (table.get(item_type) or table.get("default") for table in tables)
    return frozenset().union(*(getattr(pattern, "names", ()) for pattern in patterns))
