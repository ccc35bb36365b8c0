"""The colours of curves on terminals."""

CURVES = (166, 32, 35, 169, 178, 75, 245)
"""Of the 256 colours that terminals have, some that are seen on dark and on light ground."""


def styled(text: str, style: str, colour: bool) -> str:
    """Return `text` in an ANSI style such as "1" for bold or "2" for faint."""
    return f"\x1b[{style}m{text}\x1b[0m" if colour and text else text
