"""How PowerShell is told what could stand in a line: as JSON in ASCII, quoted as it must stand there.

Windows PowerShell reads what a program prints in the console's code page, and drops variables that are
empty: so nothing but ASCII is printed, and all words come in one variable, the unfinished one last.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata

from click.shell_completion import CompletionItem, ShellComplete

SCRIPT = r"""
Register-ArgumentCompleter -Native -CommandName zotsync -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = $commandAst.CommandElements
    $words = @($elements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
        else { $_.Extent.Text }
    })
    if ($elements[$elements.Count - 1].Extent.EndOffset -lt $cursorPosition) { $words += '' }
    $env:COMP_WORDS = $words -join "`n"
    $env:_ZOTSYNC_COMPLETE = 'powershell_complete'
    try {
        & $words[0] 2>$null | Where-Object { $_ } | ForEach-Object {
            $one = ConvertFrom-Json $_
            [System.Management.Automation.CompletionResult]::new(
                $one.text, $one.name, 'ParameterValue', $one.help)
        }
    } finally {
        Remove-Item Env:_ZOTSYNC_COMPLETE, Env:COMP_WORDS -ErrorAction SilentlyContinue
    }
}
"""
_SAFE = re.compile(r"[\w./\\:+=-]+")
_QUOTES = re.compile("['‘’‚‛]")
"""Marks that end a text for PowerShell, typographic ones among them."""
_OPTION = re.compile(r"--[\w-]+=")


class PowerShell(ShellComplete):
    """Answers PowerShell: COMP_WORDS has the words until the cursor, without their quotes, a line each."""

    name = "powershell"

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is typed, and that one."""
        _program, *before, typed = os.environ["COMP_WORDS"].split("\n")
        return before, typed

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Return the proposals; names of files are left to PowerShell, which proposes them by itself."""
        found = super().get_completions(args, incomplete)
        return [item for item in found if item.type == "plain"]

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a proposal as a line of JSON: what is put there, what is listed, what explains it."""
        option = _OPTION.match(self.get_completion_args()[1])
        name = _printable(str(item.value))
        text = quoted(name)
        told = {
            "text": option[0] + text if option and not name.startswith("--") else text,
            "name": name,
            "help": _printable(item.help or "") or name,
        }
        return json.dumps(told)


def quoted(name: str) -> str:
    """Return a name as PowerShell reads it again, whatever stands in it."""
    if _SAFE.fullmatch(name):
        return name
    return "'" + _QUOTES.sub(lambda found: found[0] * 2, name) + "'"


def _printable(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cc")
