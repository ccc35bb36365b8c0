"""The colours of curves on terminals."""

CURVES = (166, 32, 35, 169, 178, 75, 245)
"""Of the 256 colours that terminals have, some that are seen on dark and on light ground."""
