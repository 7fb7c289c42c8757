"""The entry point: the language, the commands, and what becomes of every failure."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any, NoReturn

import click

from zotsync import __version__, i18n
from zotsync.cli.frame.failure import report, report_bug, report_interrupt, report_usage
from zotsync.cli.frame.group import Entry, Group, Option
from zotsync.cli.frame.output import tolerate_any_console
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.frame.withheld import withheld_key
from zotsync.errors import FileError, Place, ZotsyncError
from zotsync.i18n import N_
from zotsync.interrupts import was_interrupted
from zotsync.reasons import reason_of

ENTRIES = (
    Entry("init", "account.init:init", N_("Make a workspace and connect it to a Zotero group")),
    Entry("login", "account.account:login", N_("Store the Zotero API key in the keyring")),
    Entry("logout", "account.account:logout", N_("Remove the Zotero API key from the keyring")),
    Entry("whoami", "account.account:whoami", N_("Whose key this is, and what it allows")),
    Entry("status", "syncing.status:status", N_("What a sync would do, and open conflicts")),
    Entry("diff", "syncing.diff:diff", N_("What differs, field by field")),
    Entry("sync", "syncing.sync:sync", N_("Make the files and the Zotero group the same")),
    Entry("resolve", "syncing.resolve:resolve", N_("Settle conflicts")),
    Entry("log", "syncing.log:log", N_("What the last runs did")),
    Entry("undo", "syncing.undo:undo", N_("Take a run back, here and in Zotero")),
    Entry(
        "restore",
        "syncing.restore:restore",
        N_("Bring back an item that was removed or overwritten"),
    ),
    Entry("list", "items.listing:list_", N_("The items there are, or those that are looked for")),
    Entry("show", "items.show:show", N_("All there is of an item")),
    Entry("open", "items.open_item:open_", N_("Open an item in Zotero, the browser or the editor")),
    Entry("add", "items.add:add", N_("Add an item, asked for or pasted")),
    Entry("edit", "items.edit_item:edit", N_("Edit an item in your editor, and check it")),
    Entry("tag", "items.tag:tag", N_("Add tags to items, or remove them")),
    Entry("move", "items.move:move", N_("Put items into a collection, or take them out")),
    Entry(
        "check", "checks.check:check", N_("Check items and files, and mend what is safe to mend")
    ),
    Entry("doctor", "account.doctor:doctor", N_("Whether everything is in order, and what to do")),
    Entry("handout", "handouts.handout:handout", N_("Make or show a handout file")),
    Entry("themes", "handouts.themes:themes", N_("The themes a handout can have")),
    Entry(
        "render",
        "handouts.render:render",
        N_("Make the document of a handout: Word, PDF, HTML and others"),
    ),
    Entry(
        "import",
        "imports.importing:import_",
        N_("Take over references, old handouts, and what was corrected in one"),
    ),
    Entry(
        "export",
        "toolkit.export:export",
        N_("Write the bibliography as BibTeX, RIS, CSV and others"),
    ),
    Entry(
        "plugins", "toolkit.plugins:plugins", N_("What is installed beside zotsync, and from where")
    ),
    Entry("completion", "frame.completion:completion", N_("Let the shell complete what you type")),
    Entry("demo", "toolkit.demo:demo", N_("See all of it on sample data, without an account")),
    Entry("sandbox", "toolkit.sandbox:sandbox", N_("Serve the embedded Zotero API")),
)


def _version(context: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    """Print the version and end."""
    if wanted and not context.resilient_parsing:
        click.echo(f"zotsync {__version__}")
        context.exit(0)


class Root(Group):
    """`zotsync` itself."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        *_more: Any,
        **extra: Any,
    ) -> NoReturn:
        """Run the command in `args` in the user's language and end with its exit code."""
        words = list(sys.argv[1:] if args is None else args)
        i18n.install(i18n.choose(_asked_language(words), os.environ))
        tolerate_any_console()
        session = Session()
        extra = {key: extra[key] for key in ("color", "terminal_width") if key in extra}

        def call() -> Any:
            return click.Group.main(
                self, args, prog_name or "zotsync", standalone_mode=False, obj=session, **extra
            )

        with withheld_key(), _silence_for_shells():
            sys.exit(_exit_code(call, session, words))


@contextmanager
def _silence_for_shells() -> Iterator[None]:
    """While a shell asks how a line could go on, keep errors away from what somebody is typing."""
    if "_ZOTSYNC_COMPLETE" not in os.environ:  # Click looks there for what a shell wants to know
        yield
        return
    from click.shell_completion import add_completion_class  # noqa: PLC0415

    from zotsync.cli.frame.completing_bash import Bash  # noqa: PLC0415
    from zotsync.cli.frame.completing_powershell import PowerShell  # noqa: PLC0415

    add_completion_class(Bash)
    add_completion_class(PowerShell)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        yield


def _asked_language(words: Sequence[str]) -> str | None:
    """Return what `--lang` says, before Click reads the options: errors and help speak it too."""
    asked = None
    for number, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang":
            asked = next(iter(words[number + 1 :]), None)
        elif word.startswith("--lang="):
            asked = word.partition("=")[2]
    return asked if asked in i18n.LANGUAGES else None


def _exit_code(call: Callable[[], Any], session: Session, words: Sequence[str]) -> int:
    """Run a command; say what went wrong; return the exit code the contract gives it."""
    as_json = "--json" in words[: words.index("--") if "--" in words else None]
    try:
        code = call()
    except ZotsyncError as error:
        return report(error, session, as_json=as_json)
    except click.ClickException as error:
        return report_usage(error, session, as_json=as_json)
    except (click.Abort, KeyboardInterrupt):
        return report_interrupt(session, as_json=as_json)
    except BrokenPipeError:  # `zotsync log | head`: nobody reads on
        _drop_output()
        return 1
    except OSError as error:  # a full disk below the output; files have errors of their own
        _drop_output()
        place = Place(str(error.filename or ""))
        return report(FileError(reason_of(error), place=place), session, as_json=False)
    except Exception as error:  # noqa: BLE001 - the one place where a bug ends: a log, not a traceback
        if was_interrupted():
            return report_interrupt(session, as_json=as_json)
        return report_bug(error, words, session, as_json=as_json)
    return code if isinstance(code, int) else 0


def _drop_output() -> None:
    """Send what is left in the buffer nowhere: at the end Python would fail on it once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    "zotsync",
    cls=Root,
    entries=ENTRIES,
    invoke_without_command=True,
    help=N_(
        "Keep a bibliography in plain files in sync with a Zotero group library, and print Word "
        "handouts from it."
    ),
)
@click.option(
    "--version",
    cls=Option,
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help=N_("Print the version and end."),
)
@pass_session
@click.pass_context
def cli(context: click.Context, session: Session) -> int:
    """Without a command: say what waits in this workspace."""
    if context.invoked_subcommand is not None:
        return 0
    from zotsync.cli.syncing.waiting import tell_what_waits  # noqa: PLC0415

    return tell_what_waits(session)
