"""The command line. Only here is anything printed, and only here does the program end."""

import atexit
import gc
import os
import sys
from contextlib import suppress

import typer

from ..discover import import_all, import_named
from ..errors import LrvizError, did_you_mean, quoted
from .app import app
from .console import complain, reader_may_leave, say

_COMMANDS = f"{__name__}.commands"

INTERRUPTED = 130
"""The exit status after Ctrl-C."""


def main() -> None:
    """Run the command that was typed; the one place where errors become messages."""
    # Python ends with a search for garbage among all that numpy and Typer have made, which takes a
    # fifth of the time of a short command; the system takes the memory back anyway.
    atexit.register(gc.freeze)
    status = _run()
    if sys.stdout is not None:
        with suppress(LrvizError), reader_may_leave():
            sys.stdout.flush()
    sys.exit(status)


def _run() -> int:
    """Return the exit status."""
    try:
        _load_command(sys.argv[1:])
        status = app(prog_name="lrviz", standalone_mode=False) or 0
    except (LrvizError, typer.TyperException, MemoryError) as error:
        complain(_as_ours(error))
        return 2
    except SystemExit:  # Typer's way to say that who reads the help has left
        return 0
    except Exception as error:
        if os.environ.get("LRVIZ_DEBUG"):
            raise
        complain(_as_ours(error))
        return 2
    if status == INTERRUPTED:
        say("interrupted")
    return int(status)


def _as_ours(error: Exception) -> LrvizError:
    """Return what is said of an error."""
    match error:
        case LrvizError():
            return error
        case typer.TyperException():
            return LrvizError(_usage_message(error))
        case MemoryError():
            return LrvizError("this takes more memory than there is; ask for fewer steps")
        case OSError():  # no folder to be in, no more files to open
            return LrvizError(f"the system refuses this ({error}); mend that, and run it again")
    return LrvizError(
        f"{type(error).__name__}: {error}; this is a fault of lrviz: "
        "run it with LRVIZ_DEBUG=1 to see where, and report it"
    )


def _load_command(words: list[str]) -> None:
    """Import the command that is asked for; all of them where none is, or where it is unknown."""
    name = words[0] if words else ""
    import_named(_COMMANDS, name)
    if name not in (command.name for command in app.registered_commands):
        import_all(_COMMANDS)
        app.registered_commands.sort(key=lambda command: command.name or "")  # as help lists them


def _usage_message(error: typer.TyperException) -> str:
    """Return Typer's message as one sentence that says where help is."""
    message = error.format_message().strip().rstrip(".").replace(". Did you mean", "; did you mean")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "lrviz"
    option = getattr(error, "option_name", None)
    if option is not None and context is not None:
        known = [name for parameter in context.command.params for name in parameter.opts]
        words = [name.removeprefix("--") for name in known if name.startswith("--")]
        near = did_you_mean(option.lstrip("-"), words).replace("'", "'--", 1)
        message = f"no such option {quoted(option)}{near}"
    return f"{message[:1].lower()}{message[1:]} (see {command} --help)"
