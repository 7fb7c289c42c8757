"""`zotsync restore`: bring an item back, or what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from zotsync.cli.frame import ask, completing, wording
from zotsync.cli.frame.changes import change_spans
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.items.meant import item_ever_meant
from zotsync.cli.syncing.difference import names_of
from zotsync.errors import NotThereError, UsageError
from zotsync.figures import when
from zotsync.i18n import N_, _
from zotsync.model import Fields
from zotsync.sync.engine import Version
from zotsync.sync.remembering.journal import Journal
from zotsync.sync.remembering.named_runs import run_named
from zotsync.sync.trees import Kind, shown_file

_FROM = {
    "base": N_("as at the last sync"),
    "memory": N_("as it was before its file was deleted"),
    "zotero": N_("as Zotero had it last"),
}


@command(
    "restore",
    N_(
        "Bring ITEM (a file, its stem, a key, or words of its title) back from the trash, or what it was "
        "before a run."
    ),
)
@argument("item", nargs=-1, required=True, metavar=N_("ITEM"), shell_complete=completing.ever_items)
@option(
    "--before",
    metavar=N_("RUN"),
    help=N_("As it was before this run, instead of what was there last."),
)
@option("--list", "list_", is_flag=True, help=N_("List what it was; do nothing."))
@option("-n", "--dry-run", is_flag=True, help=N_("Show what would be done, and do nothing."))
@pass_session
def restore(
    session: Session, item: tuple[str, ...], before: str | None, *, list_: bool, dry_run: bool
) -> int:
    """Bring an item back; the next sync tells Zotero."""
    with open_workspace(session, online=False, command="restore") as opened:
        key = item_ever_meant(opened, item)
        versions = opened.engine.versions(key)
        if list_:
            _list(session, opened, key, versions)
            return 0
        version = _chosen(session, opened, key, versions, before)
        if dry_run:
            _show(session, opened, key, version)
            return 0
        restored = opened.engine.restore(key, version)
    output = session.output
    document = {"file": str(restored.file), "what": restored.what, "before": version.run}
    output.emit(document, lambda: output.line(str(restored.file)))
    output.say(_("It is back. To have it so in Zotero too: zotsync sync"))
    return 0


def _chosen(
    session: Session, opened: Opened, key: str, versions: Sequence[Version], before: str | None
) -> Version:
    """Return the version that is meant: named, asked about, or the newest."""
    if before is not None:
        return _before(opened, key, versions, before)
    if len(versions) == 1 or session.yes or session.json or not ask.interactive():
        return versions[0]
    for number, version in enumerate(versions, 1):
        session.output.warn(f"  {number}  {_line(opened, key, version)}")
    answer = ask.text(_("Which one?"), default="1", instead=_("Name the run: --before RUN"))
    if not answer.isdecimal() or not 1 <= int(answer) <= len(versions):
        raise UsageError(_("Nothing was done: {answer} is none of them.").format(answer=answer))
    return versions[int(answer) - 1]


def _before(opened: Opened, key: str, versions: Sequence[Version], before: str) -> Version:
    """Return the version before a run."""
    run = run_named(Journal(opened.engine.state), before).id
    found = next((version for version in versions if version.run == run), None)
    if found is None:
        head = _("What is known of it (zotsync restore ITEM --list):")
        known = map(partial(_line, opened, key), versions)
        text = _("Nothing is known of what it was before run {n}.").format(n=run)
        raise NotThereError(text, hint="\n".join([head, *known]))
    return found


def _list(session: Session, opened: Opened, key: str, versions: Sequence[Version]) -> None:
    output = session.output

    def text() -> None:
        for version in versions:
            output.line(_line(opened, key, version))

    output.emit({"versions": [_document(version) for version in versions]}, text)


def _line(opened: Opened, key: str, version: Version) -> str:
    """Return what a version is, and in what it differs from what is here."""
    names = _differences(_now(opened, key), version.fields)
    words = wording.field_words(opened.schema, names)
    told = _source(opened, version)
    return _("{what}: {fields}").format(what=told, fields=words) if words else told


def _source(opened: Opened, version: Version) -> str:
    if version.what == "trash":
        return _("in the trash, {file}").format(file=version.file)
    if version.run is None:
        return _(_FROM[version.what])
    run = Journal(opened.engine.state).run(version.run)
    moment = when(run.started) if run else "?"
    text = _("before run {n} of {when}")
    if version.text is not None:  # with what was edited in it and not yet synced
        text = _("the file before run {n} of {when}")
    return text.format(n=version.run, when=moment)


def _now(opened: Opened, key: str) -> Fields:
    return opened.engine.items().get(key, {})


def _differences(now: Fields, then: Fields) -> list[str]:
    return sorted(n for n in {*now, *then} if now and now.get(n) != then.get(n))


def _show(session: Session, opened: Opened, key: str, version: Version) -> None:
    """Print what a restore would do."""
    output, now, names = session.output, _now(opened, key), names_of(opened)

    def text() -> None:
        output.line(_source(opened, version), style="bold")
        for name in _differences(now, version.fields):
            label = _("{field}: ").format(field=wording.field_word(opened.schema, name))
            spans = change_spans(
                opened.schema, name, now.get(name), version.fields.get(name), names
            )
            output.spans([(f"  {label}", "magenta"), *spans], indent=4)
        if not now:
            _show_whole(session, opened, version, names)

    output.emit({"chosen": _document(version), "now": dict(now)}, text)


def _show_whole(
    session: Session, opened: Opened, version: Version, names: Mapping[str, str]
) -> None:
    for name, value in version.fields.items():
        label = _("{field}: ").format(field=wording.field_word(opened.schema, name))
        text = wording.in_short(wording.value_text(name, value, names))
        session.output.spans([(f"  {label}", "magenta"), (text, "")], indent=4)


def _document(version: Version) -> dict[str, Any]:
    return {
        "what": version.what,
        "before": version.run,
        "file": f".zotsync/trash/{version.file}"
        if version.what == "trash"
        else shown_file(Kind.ITEM, version.file),
        "fields": dict(version.fields),
    }
