"""A pasted piece of Python: its syntax tree, and where in the text a place of the tree is."""

import ast
import warnings
from typing import NamedTuple

from .limits import DEEPEST, LONGEST_TEXT, MOST_NODES


class Source(NamedTuple):
    """A pasted text without prompts, and how many columns of indentation its lines share."""

    lines: list[str]
    indent: int

    @classmethod
    def of(cls, text: str) -> "Source":
        """Return the source of a text; its prompts become blanks, so that all stays in place."""
        lines = text.split("\n")
        if any(line.lstrip().startswith(">>>") for line in lines):
            for i, line in enumerate(lines):
                for prompt in (">>>", "..."):
                    if line.lstrip().startswith(prompt):
                        lines[i] = line.replace(prompt, " " * len(prompt), 1)
        indents = (len(line) - len(line.lstrip(" \t")) for line in lines if line.strip())
        return cls(lines, min(indents, default=0))

    def tree(self) -> ast.Module:
        """Return its syntax tree; what `ast.parse` raises, or RecursionError, if there is none."""
        text = "\n".join(line[self.indent :] for line in self.lines)
        if len(text) > LONGEST_TEXT:
            raise RecursionError
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as that 5 cannot be called
            tree = ast.parse(text)
        if not _fits(tree):
            raise RecursionError
        return tree

    def place(self, line: int, column: int) -> int:
        """Return where in the text a place of the tree is; its columns count bytes of UTF-8."""
        if not 1 <= line <= len(self.lines):
            return 0
        before = sum(len(text) + 1 for text in self.lines[: line - 1])
        text = self.lines[line - 1][self.indent :]
        return before + self.indent + len(text.encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.AST | None) -> tuple[int, int]:
        """Return where a node begins and ends in the text; of a block it is the first line."""
        line = getattr(node, "lineno", None)
        if node is None or line is None:
            return 0, 0
        start = self.place(line, getattr(node, "col_offset", 0))
        if isinstance(node, ast.stmt) and hasattr(node, "body"):
            end = sum(len(text) + 1 for text in self.lines[:line]) - 1
        else:
            end = self.place(
                getattr(node, "end_lineno", None) or line,
                getattr(node, "end_col_offset", None) or 0,
            )
        return start, max(end, start)


def _fits(tree: ast.AST) -> bool:
    """Return whether a tree is neither too deep nor too large, found without recursion."""
    depth, nodes, level = 0, 0, [tree]
    while level:
        depth, nodes = depth + 1, nodes + len(level)
        if depth > DEEPEST or nodes > MOST_NODES:
            return False
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return True


def is_python(text: str) -> bool:
    """Return whether a text is Python with at least one statement."""
    try:
        return bool(Source.of(text).tree().body)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
