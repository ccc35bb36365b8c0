"""Completion in the shell: commands, options, and in specs families and the keys of parameters.

The scripts are our own. A shell takes `:` and `=` for ends of words, and only the program knows
which families there are; so the scripts hand over the words as typed and offer what comes back.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from ...errors import LrvizError, did_you_mean, listing, quoted
from .. import console
from ..app import app

BASH = r"""_lrviz() {
    local typed="${COMP_LINE:0:COMP_POINT}" words current="" IFS=$' \t\n'
    read -ra words <<< "$typed"
    [[ "$typed" == *[[:space:]] ]] && words+=("")
    current="${words[-1]}"
    IFS=$'\n'
    COMPREPLY=($(lrviz complete-words -- "${words[@]:1}" 2>/dev/null | cut -f 1))
    # Bash replaces only what stands after the last ':' or '='.
    local kept="${current%"${current##*[:=]}"}"
    COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}
complete -o nospace -o bashdefault -o default -F _lrviz lrviz
"""
ZSH = r"""#compdef lrviz
_lrviz() {
    local -a found
    found=("${(@f)$(lrviz complete-words -- "${(@)words[2,$CURRENT]}" 2>/dev/null | cut -f 1)}")
    [[ -n "$found" ]] && compadd -S '' -- "${found[@]}" || _files
}
compdef _lrviz lrviz
"""
FISH = r"""function _lrviz
    lrviz complete-words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c lrviz -n 'test -n "$(_lrviz)"' -f -a '(_lrviz)'
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


@app.command("completion", short_help="Print a script for completion in the shell.")
def completion(
    shell: Annotated[
        str,
        typer.Argument(
            metavar="SHELL",
            help="bash, zsh or fish.",
            autocompletion=lambda: list(SCRIPTS),
            show_default=False,
        ),
    ],
) -> None:
    """\b
    eval "$(lrviz completion bash)"        in ~/.bashrc
    eval "$(lrviz completion zsh)"         in ~/.zshrc, after compinit
    lrviz completion fish > ~/.config/fish/completions/lrviz.fish

    Print a script that completes commands, options, families and their parameters.
    """
    if shell not in SCRIPTS:
        near = did_you_mean(shell, SCRIPTS)
        raise LrvizError(f"there is completion for {listing(SCRIPTS)}, not {quoted(shell)}{near}")
    console.show(SCRIPTS[shell])


@app.command("complete-words", hidden=True, context_settings={"ignore_unknown_options": True})
def complete_words(words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Print what can stand in place of the last of the words, one a line, with what it means."""
    *before, current = words or [""]
    found = [pair for pair in _candidates(before, current) if pair[0].startswith(current)]
    console.show("".join(f"{word}\t{meaning}\n" for word, meaning in found))


def _candidates(before: list[str], current: str) -> Iterator[tuple[str, str]]:
    """Yield what fits and what it means."""
    group: Any = typer.main.get_command(app)
    if not before:
        yield from (
            (n, c.get_short_help_str(80)) for n, c in group.commands.items() if not c.hidden
        )
        yield from _options(group)
        return
    command = group.commands.get(before[0])
    if command is None:
        return
    if current.startswith("-"):
        yield from _options(command)
        return
    context = command.make_context(before[0], [], resilient_parsing=True)
    takers = [
        p for p in command.params if before[-1] in p.opts and not getattr(p, "is_flag", False)
    ]
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    for parameter in takers or arguments:
        for item in parameter.shell_complete(context, current):
            yield item.value, item.help or ""


def _options(command: Any) -> Iterator[tuple[str, str]]:
    for parameter in command.params:
        if parameter.param_type_name == "option":
            yield max(parameter.opts, key=len), parameter.help or ""
