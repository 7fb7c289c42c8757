"""What the common options say, shared by the whole command."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zotsync.cli.frame.output import Output

if TYPE_CHECKING:  # it brings the network along
    from zotsync.zotero.keys import ApiKey


@dataclass
class Session:
    """The common options of one call, filled in as Click reads them, before or after the command."""

    directory: Path = field(default_factory=Path)
    quiet: bool = False
    verbose: int = 0
    json: bool = False
    plain: bool = False
    yes: bool = False
    command: str = ""
    key: ApiKey | None = None
    """One that was typed in this call: nobody is asked twice, also where no keyring keeps it."""

    @cached_property
    def output(self) -> Output:
        """Return where this call prints; the options must all have been read."""
        return Output(
            command=self.command,
            directory=self.directory,
            json=self.json,
            quiet=self.quiet,
            color=not self.plain,
            verbose=self.verbose,
        )


pass_session = click.make_pass_decorator(Session)
