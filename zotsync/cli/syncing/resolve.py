"""`zotsync resolve`: settle conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from zotsync.cli.frame import ask, completing, wording
from zotsync.cli.frame.group import argument, command, option
from zotsync.cli.frame.opening import Opened, open_workspace
from zotsync.cli.frame.session import Session, pass_session
from zotsync.cli.syncing.plan_view import conflicts_document
from zotsync.cli.syncing.settling import Choices, ask_about
from zotsync.errors import RightsError, ServerError, UsageError, ZotsyncError
from zotsync.figures import number
from zotsync.i18n import N_, _, ngettext
from zotsync.sync.engine import Choice, Options
from zotsync.sync.trees import Conflict, Kind


@command("resolve", N_("Settle conflicts, one by one or all for one side. The next sync sends it."))
@argument("items", nargs=-1, metavar=N_("[ITEM]..."), shell_complete=completing.items)
@option("--local", is_flag=True, help=N_("What is here holds."))
@option("--remote", is_flag=True, help=N_("What Zotero has holds."))
@option(
    "--field",
    "fields",
    multiple=True,
    metavar=N_("FIELD"),
    help=N_("Only conflicts on this field; may be given several times."),
)
@option("--offline", is_flag=True, help=N_("Go by what Zotero held at the last sync."))
@pass_session
def resolve(  # noqa: PLR0913 - one parameter an option
    session: Session,
    items: tuple[str, ...],
    *,
    local: bool,
    remote: bool,
    fields: tuple[str, ...],
    offline: bool,
) -> int:
    """Settle conflicts."""
    if local and remote:
        raise UsageError(_("--local and --remote exclude each other."))
    with _opened(session, offline=offline) as opened:
        found = _open_now(session, opened, offline=offline)
        conflicts = _about(opened, _of_items(opened, found, items), fields)
        if local or remote:
            side: Choice = "local" if local else "remote"
            choices: Choices = {c.key_and_field: side for c in conflicts}
        else:
            choices = _answers(session, opened, conflicts)
        if choices:
            opened.engine.resolve(choices, conflicts)
        left = opened.engine.conflicts() if choices else found
        open_now = {c.key_and_field: c for c in left}
        unsettled = [c for c in conflicts if c.key_and_field in choices.keys() & open_now.keys()]
        _tell(session, conflicts, len(choices) - len(unsettled), left)
        for conflict in unsettled:
            _tell_unsettled(session, opened, conflict, open_now[conflict.key_and_field])
    return 3 if left else 0


@contextmanager
def _opened(session: Session, *, offline: bool) -> Iterator[Opened]:
    """Open the workspace, with its library where there is a key for it."""
    with ExitStack() as stack:
        try:
            online = open_workspace(session, online=not offline, command="resolve", hasty=True)
            opened = stack.enter_context(online)
        except RightsError as error:
            _tell_offline(session, error)
            local = open_workspace(session, online=False, command="resolve")
            opened = stack.enter_context(local)
        yield opened


def _open_now(session: Session, opened: Opened, *, offline: bool) -> tuple[Conflict, ...]:
    """Return the conflicts with what Zotero has now; as last seen where it cannot be asked."""
    try:
        plan = opened.engine.preview(Options(), offline=offline)
    except (ServerError, RightsError) as error:
        _tell_offline(session, error)
        plan = opened.engine.preview(Options(), offline=True)
    opened.bars.stop()
    return plan.conflicts


def _tell_offline(session: Session, error: ZotsyncError) -> None:
    output = session.output
    output.say(
        _("Zotero cannot be asked now; this is what it had when last asked."), style="yellow"
    )
    output.detail(str(error.problem))


def _of_items(
    opened: Opened, conflicts: Iterable[Conflict], items: Sequence[str]
) -> tuple[Conflict, ...]:
    """Return the conflicts of the items and collections that were named; of all where none is."""
    if not items:
        return tuple(conflicts)
    conflicts = tuple(conflicts)
    paths = {path: key for key, path in opened.collection_paths().items()}
    clashing = {c.key for c in conflicts if c.kind is Kind.COLLECTION}
    keys = set()
    for item in items:
        key = paths.get(item, "")
        keys.add(key if key in clashing else opened.engine.find(item))
    return tuple(c for c in conflicts if c.key in keys)


def _about(
    opened: Opened, conflicts: tuple[Conflict, ...], fields: Sequence[str]
) -> tuple[Conflict, ...]:
    """Return the conflicts on `fields`, by Zotero's name or by the word that is shown."""
    if not fields:
        return conflicts
    words = {c.field: wording.field_word(opened.schema, c.field) for c in conflicts}
    named = {word.casefold(): name for name, word in words.items()} | {
        n.casefold(): n for n in words
    }
    unknown = [field for field in fields if field.casefold() not in named]
    if unknown:
        open_ones = ", ".join(sorted(words)) or "–"
        raise UsageError(
            _("There is no open conflict on {field}.").format(field=unknown[0]),
            hint=_("There are conflicts on: {fields}.").format(fields=open_ones),
        )
    wanted = {named[field.casefold()] for field in fields}
    return tuple(c for c in conflicts if c.field in wanted)


def _answers(session: Session, opened: Opened, conflicts: Sequence[Conflict]) -> Choices:
    """Ask what holds; UsageError where nobody is there. With `--json` they are but listed."""
    if session.json or not conflicts:
        return {}
    if ask.interactive():
        return ask_about(session, opened, conflicts)
    n = len(conflicts)
    text = ngettext(
        "{n} conflict is open, and nobody is there to settle it.",
        "{n} conflicts are open, and nobody is there to settle them.",
        n,
    )
    raise UsageError(
        text.format(n=number(n)),
        hint=_(
            "Say which side holds: --local or --remote, for all or for some (ITEM, --field). "
            "To list them: zotsync resolve --json"
        ),
    )


def _tell(
    session: Session,
    conflicts: Sequence[Conflict],
    settled: int,
    left: Sequence[Conflict],
) -> None:
    output = session.output

    def text() -> None:
        if not conflicts:
            output.say(_("No open conflicts here.") if left else _("No open conflicts."))
        if settled:
            line = ngettext("{n} conflict settled.", "{n} conflicts settled.", settled)
            output.say(line.format(n=number(settled)))
            output.say(_("To send it to Zotero: zotsync sync"))
        if left:
            line = ngettext("{n} conflict is left.", "{n} conflicts are left.", len(left))
            output.say(line.format(n=number(len(left))))

    output.emit({"settled": settled, "conflicts": conflicts_document(left)}, text)


def _tell_unsettled(session: Session, opened: Opened, conflict: Conflict, now: Conflict) -> None:
    """Name what was chosen and is open all the same, and why."""
    title = wording.title_of(conflict.kind, conflict.key, conflict.title)
    word = wording.field_word(opened.schema, conflict.field)
    text = _("{title}, {field}: changed meanwhile, and was left. Look at it again.")
    if now.sides == conflict.sides and conflict.field == "parentCollection":
        text = _(
            "{title}, {field}: cannot hold, a collection would be inside itself. "
            "Move it elsewhere in collections.toml, or take what Zotero has."
        )
    session.output.warn(text.format(title=title, field=word), style="yellow")
