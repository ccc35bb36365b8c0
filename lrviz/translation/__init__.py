"""From a schedule to the code that makes it, in the words of a framework or as a function."""

TARGETS = ("torch", "keras", "optax", "transformers", "timm", "paddle", "python", "numpy")
"""The targets, the best known first; each is a file of `targets`."""
