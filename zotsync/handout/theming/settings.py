"""What theme.toml says, taken out value by value, with the line where one is of another kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from zotsync.errors import Place, ThemeError
from zotsync.i18n import N_, _

_WRONG_KIND = {
    str: N_("{name} must be a text between quotes."),
    bool: N_("{name} must be true or false."),
    dict: N_("{name} must be a line [{name}] with settings below it."),
    list: N_("{name} must be written as [[{name}]], with settings below it."),
}


@dataclass(frozen=True, slots=True)
class Check:
    """Takes values of one kind out of theme.toml, and says where one is of another."""

    file: str
    lines: Mapping[str, int]

    def place(self, spot: str) -> Place:
        """Return where the setting `spot` (`source.book`, `sections[1].title`) stands."""
        line = self.lines.get(spot) or self.lines.get(spot.partition(".")[0])
        return Place(self.file, line, spot)

    def error(self, message: str, spot: str, hint: str = "") -> ThemeError:
        """Return the error to raise for the setting `spot`."""
        return ThemeError(message, place=self.place(spot), hint=hint)

    def known(self, table: Mapping[str, Any], names: tuple[str, ...], spot: str) -> None:
        """Raise where `table` has a setting that is not in `names`."""
        for name in table:
            if name not in names:
                close = get_close_matches(name, names, n=1)
                hint = _("Known are: {names}.").format(names=", ".join(close or names))
                message = _("Unknown setting: {name}.").format(name=name)
                raise self.error(message, f"{spot}.{name}" if spot else name, hint)

    def value(self, data: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
        """Return a setting; raise where it is of another kind."""
        value = data.get(name, default)
        if not isinstance(value, kind):
            message = _(_WRONG_KIND[kind]).format(name=name)
            raise self.error(message, name)
        return value

    def texts(self, data: Mapping[str, Any], name: str) -> Mapping[str, str]:
        """Return a table of texts; raise where one of them is something else."""
        table: Mapping[str, Any] = self.value(data, name, dict, {})
        for key, text in table.items():
            if not isinstance(text, str):
                message = _("{name} must be a text between quotes.").format(name=key)
                raise self.error(message, f"{name}.{key}")
        return table
