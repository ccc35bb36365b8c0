"""A pasted piece of Python: its syntax tree, and where in the text a place of the tree is."""

import ast
import warnings
from typing import NamedTuple

DEEPEST = 60
"""How deep a tree may be."""


class Source(NamedTuple):
    """A pasted text without prompts, and how many columns of indentation its lines share."""

    lines: list[str]
    indent: int

    @classmethod
    def of(cls, text: str) -> "Source":
        """Return the source of a text; its prompts become blanks, so that all stays in place."""
        lines = text.split("\n")
        for i, line in enumerate(lines):
            for prompt in (">>>", "..."):
                if line.lstrip().startswith(prompt):
                    lines[i] = line.replace(prompt, " " * len(prompt), 1)
        indents = (len(line) - len(line.lstrip(" \t")) for line in lines if line.strip())
        return cls(lines, min(indents, default=0))

    def tree(self) -> ast.Module:
        """Return its syntax tree; what `ast.parse` raises, or RecursionError, if there is none."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as that 5 cannot be called
            tree = ast.parse("\n".join(line[self.indent :] for line in self.lines))
        if _depth(tree) > DEEPEST:
            raise RecursionError
        return tree

    def place(self, line: int, column: int) -> int:
        """Return where in the text a place of the tree is; its columns count bytes of UTF-8."""
        if not 1 <= line <= len(self.lines):
            return 0
        before = sum(len(text) + 1 for text in self.lines[: line - 1])
        text = self.lines[line - 1][self.indent :]
        return before + self.indent + len(text.encode()[:column].decode(errors="ignore"))


def _depth(tree: ast.AST) -> int:
    """Return how deep a tree is, found without recursion."""
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return deepest
