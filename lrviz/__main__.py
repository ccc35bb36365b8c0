"""Where `lrviz` and `python -m lrviz` begin, and where an interrupt ends them at any moment."""


def main() -> None:
    """Run the command that was typed."""
    try:
        from .cli import main as command  # importing takes longer than many a command

        command()
    except KeyboardInterrupt:
        _end()
    finally:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left to do is to end


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
