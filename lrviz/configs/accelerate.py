"""accelerate, which steps a scheduler once for each process: several of its steps are an update."""

from .settings import Settings


def processes(settings: Settings, *, matters: bool = True) -> int:
    """Return how many processes run; 1, which is said where it `matters`, if that is not known."""
    if "devices" not in settings.known and matters:
        settings.notes.append("how many processes run is not said, and 1 is assumed")
    return settings.whole(default=1, option="devices")


def stepped(call: str, times: int) -> str:
    """Return the text of a call that is stepped so many times an update."""
    return f"stepped:by={times}/{call}" if times > 1 else call
