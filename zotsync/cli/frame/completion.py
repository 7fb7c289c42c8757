"""`zotsync completion`: the script by which a shell completes what is typed."""

from __future__ import annotations

import click

from zotsync.cli.frame.completing_powershell import SCRIPT
from zotsync.cli.frame.group import argument, command
from zotsync.cli.frame.session import Session, pass_session
from zotsync.i18n import N_, _

_BASH = r"""
_zotsync_completion() {
    local line kind value
    COMPREPLY=()
    while IFS= read -r line; do
        kind=${line%%,*} value=${line#*,}
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            file) compopt -o default 2>/dev/null ;;
            dir) compopt -o dirnames 2>/dev/null ;;
        esac
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_TEXT="$2" \
        _ZOTSYNC_COMPLETE=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F _zotsync_completion zotsync 2>/dev/null || complete -F _zotsync_completion zotsync
"""
_ZSH = r"""
_zotsync() {
    local -a plain told lines
    local kind value help option=
    [[ $words[CURRENT] == --*=* ]] && option=${words[CURRENT]%%=*}=
    lines=("${(@f)$(COMP_WORDS="${(pj:\n:)words}" COMP_CWORD=$((CURRENT - 1)) \
        _ZOTSYNC_COMPLETE=zsh_complete $words[1] 2>/dev/null)}")
    for kind value help in "${lines[@]}"; do
        case $kind in
            plain) if [[ $help == _ ]]; then plain+=("$option$value"); else told+=("$value:$help"); fi ;;
            file) _path_files -f ;;
            dir) _path_files -/ ;;
        esac
    done
    (( $#told )) && _describe -V zotsync told -U
    (( $#plain )) && compadd -U -V zotsync -a plain
}
if (( ! $+functions[compdef] )); then
    autoload -Uz compinit && compinit
fi
compdef _zotsync zotsync
"""
_FISH = r"""
function __zotsync_completion
    set -l option (string match -r -- '^--[^=]*=' (commandline -ct); or echo "")
    for line in (env COMP_WORDS=(commandline -cp | string collect) \
            COMP_CWORD=(commandline -ct | string collect) \
            _ZOTSYNC_COMPLETE=fish_complete zotsync 2>/dev/null)
        set -l parts (string split -m 1 , -- $line)
        switch $parts[1]
            case plain
                echo $option$parts[2]
            case file
                __fish_complete_path $parts[2]
            case dir
                __fish_complete_directories $parts[2]
        end
    end
end
complete --no-files --command zotsync --arguments '(__zotsync_completion)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH, "powershell": SCRIPT}
_WAYS = {
    "bash": (N_("Put this line into {file}:"), "~/.bashrc", 'eval "$(zotsync completion bash)"'),
    "zsh": (N_("Put this line into {file}:"), "~/.zshrc", 'eval "$(zotsync completion zsh)"'),
    "fish": (
        N_("Put this script into {file}:"),
        "~/.config/fish/completions/zotsync.fish",
        "zotsync completion fish > ~/.config/fish/completions/zotsync.fish",
    ),
    "powershell": (
        N_("Put this line into {file}:"),
        "$PROFILE",
        "zotsync completion powershell | Out-String | Invoke-Expression",
    ),
}


@command(
    "completion",
    N_(
        "Print the script by which SHELL completes commands, options, items, collections, tags, handouts, "
        "themes and formats with the Tab key. Its first lines say how to install it."
    ),
)
@argument("shell", type=click.Choice(list(SCRIPTS)), metavar=N_("SHELL"))
@pass_session
def completion(session: Session, shell: str) -> int:
    """Print a script."""
    text, file, line = _WAYS[shell]
    script = f"# {_(text).format(file=file)}\n# {line}\n{SCRIPTS[shell]}"
    document = {"shell": shell, "script": script}
    session.output.emit(document, lambda: click.echo(script, nl=False))
    return 0
