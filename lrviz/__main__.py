"""Where `lrviz` and `python -m lrviz` begin, and where an interrupt ends them at any moment."""


def main() -> None:
    """Run the command that was typed."""
    try:
        _in_utf8()
        from .cli import main as command  # importing takes longer than many a command

        command()
    except KeyboardInterrupt:
        _end()
    finally:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left to do is to end


def _in_utf8() -> None:
    """Begin again in Python's mode for UTF-8 where names and labels were to be read as ASCII.

    What is printed is still to be in ASCII there.
    """
    import os
    import sys

    if sys.getfilesystemencoding() == "ascii" and sys.stdout is not None:
        printed = {"PYTHONIOENCODING": sys.stdout.encoding}
        again = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
        os.execve(sys.executable, again, {**printed, **os.environ})  # noqa: S606, no shell is meant


def _end() -> None:
    """Say that it is interrupted, and end at once."""
    import os
    import sys
    from contextlib import suppress

    if sys.stderr is not None:
        with suppress(OSError):
            os.write(sys.stderr.fileno(), b"lrviz: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    main()
