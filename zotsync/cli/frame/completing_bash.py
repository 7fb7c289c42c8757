"""How bash is told what could stand in a line: quoted as it must stand there.

bash itself quotes names of files alone, and of those neither `$` nor, now and then, a backquote: a name
out of a group's library could run a program. It also takes `=` and `:` for the end of a word.
"""

from __future__ import annotations

import os
import re

from click.shell_completion import CompletionItem, ShellComplete, split_arg_string

_UNSAFE = {"": re.compile(r"[][\\ !\"#$&'()*;<>?^`{|}~]"), '"': re.compile(r'[\\$"`]')}


class Bash(ShellComplete):
    """Answers bash: COMP_LINE is the line until the cursor, COMP_TEXT what bash is to replace of it."""

    name = "bash"

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is typed, and that one, without their quotes."""
        *before, typed = _words(os.environ["COMP_LINE"])
        return before[1:], typed

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a proposal as a line: its kind, and what takes the place of COMP_TEXT."""
        told = continued(os.environ["COMP_LINE"], os.environ["COMP_TEXT"], str(item.value))
        return f"{item.type},{told}"


def continued(line: str, text: str, name: str) -> str:
    """Return what stands for `text`, the end of `line`, when its last word becomes `name`."""
    before = line[: len(line) - len(text)]
    quote = before[-1:] if before.endswith(('"', "'")) else ""
    typed = _words(line)[-1]
    if typed.startswith("--") and "=" in typed:
        typed = typed.partition("=")[2]
    stays = len(typed) - len(_words(quote + text)[-1])
    return _quoted(name[max(stays, 0) :], quote)


def _words(line: str) -> list[str]:
    """Return the words of a line without their quotes; the last one is where the cursor stands."""
    *before, last = split_arg_string(f"{line}x")  # so that there is one, also after a blank
    return [*before, last[:-1]]


def _quoted(name: str, quote: str) -> str:
    if quote == "'":
        return name.replace("'", r"'\''")
    return _UNSAFE[quote].sub(r"\\\g<0>", name)
