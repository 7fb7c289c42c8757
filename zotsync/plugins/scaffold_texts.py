"""The words in a new package: what its functions do, and its README."""

from __future__ import annotations

from collections.abc import Mapping

from zotsync.i18n import N_, _

_WORDS: Mapping[str, Mapping[str, str]] = {
    "exporter": {
        "description": N_("Writes what zotsync keeps as {plugin}"),
        "title": N_("{plugin}, a line for each reference"),
        "what_module": N_("Writes a bibliography as {plugin}: `zotsync export --format {plugin}`."),
        "what_write": N_("Return the whole file. Nothing else is read or written."),
        "what_line": N_("Return an item as a line: authors, title, date."),
    },
    "importer": {
        "description": N_("Reads {plugin} into zotsync"),
        "title": N_("{plugin}, a line for each reference"),
        "what_module": N_("Reads {plugin}: `zotsync import FILE --format {plugin}`."),
        "what_head": N_("How a file of this format begins."),
        "what_recognises": N_("Return whether the beginning of a file looks like this format."),
        "what_read": N_(
            "Yield what is in a file, in its order: each line is author | title | date."
        ),
        "what_reference": N_("Return what a line says; why not, where it cannot be read."),
        "not_utf8": N_("The file is not in UTF-8."),
        "not_three": N_("author | title | date were expected here"),
        "line_word": N_("line"),
    },
    "theme": {
        "description": N_("The theme {plugin} for zotsync"),
        "what_module": N_("The theme {plugin}: `zotsync render --theme {plugin}`."),
        "what_folder": N_("Return the folder that the theme's folder is in."),
    },
    "check": {
        "description": N_("The check {plugin} for zotsync"),
        "what_module": N_(
            "Looks for call numbers in small letters: `zotsync check --only {plugin}`."
        ),
        "what_find": N_(
            "Yield a finding where the call number has small letters, or blanks too many."
        ),
        "says": N_("Call numbers are in capitals here: {{value}}"),
    },
}
_CHANGE = {
    "exporter": N_(
        "`write` in `{file}` gets the bibliography and returns the whole file as bytes. Change it, and the "
        "title and the ending below it."
    ),
    "importer": N_(
        "`read` in `{file}` gets the bytes of a file and yields a `Reference` for each item, and an `Unread` "
        "for what it cannot read. `recognises` says whether the beginning of a file looks right. Change "
        "both, the endings, and the sample in the tests."
    ),
    "theme": N_(
        "The theme is in `{folder}`: open `base.docx` in Word, change the styles, save; what is printed in "
        "which words is in `theme.toml`."
    ),
    "check": N_(
        "`find` in `{file}` gets the fields of an item and yields a `Finding` for each thing that is odd; "
        "`mended` is what the field would better hold. Change it, and what it says below."
    ),
}
_TRY = {
    "exporter": "zotsync export --format {plugin}",
    "importer": "zotsync import --format {plugin} FILE",
    "theme": "zotsync render --theme {plugin}",
    "check": "zotsync check --only {plugin}",
}


def words(kind: str, plugin: str) -> Mapping[str, str]:
    """Return what the files of a package say, by the names of the places in its skeleton."""
    return {name: _(text).format(plugin=plugin) for name, text in _WORDS[kind].items()}


def readme(kind: str, known: Mapping[str, str]) -> str:
    """Return the README of a package."""
    package, plugin = known["package"], known["plugin"]
    change = _(_CHANGE[kind]).format(
        file=f"src/{package}/__init__.py", folder=f"src/{package}/themes/{plugin}"
    )
    parts = (
        f"# {known['name']}",
        known["description"] + ".",
        _("In the environment that zotsync is installed in:"),
        _code("pip install -e .", "zotsync plugins", _TRY[kind].format(plugin=plugin)),
        _("The first line installs the package as it is here: what you change holds at once."),
        "## " + _("To change"),
        change,
        _(
            "`zotsync.plugins` says in its docstrings what there is; docs/plugins.md of zotsync explains it."
        ),
        "## " + _("To test"),
        _code("pip install pytest", "pytest"),
        _(
            "The tests try it on items of all types and on messy ones, and say what breaks the contract."
        ),
    )
    return "\n\n".join(parts) + "\n"


def _code(*lines: str) -> str:
    return "\n".join(("```", *lines, "```"))
