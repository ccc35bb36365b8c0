"""How much a program may do, so that each ends within a second and in little memory."""

import ast
import time
from typing import Any

from .faults import TooLongError

LONGEST_TEXT = 400_000
_CONTAINERS = (list, tuple, dict)

MOST_NODES = 60_000
DEEPEST = 60
"""How deep a tree may be."""
MOST_CALLS = 30
"""How deep functions may call one another."""
OPERATIONS = 400_000
"""How many nodes are evaluated at most while a text is read."""
OPERATIONS_OF_A_STEP = 100_000
"""How many while its function is evaluated once."""
OPERATIONS_OF_ALL_STEPS = 1_000_000
"""How many while the steps of one chunk are evaluated, way by way."""
SECONDS = 0.8
"""What the operations may take in all; a backstop, as those that are counted differ in cost."""
LARGEST_BITS = 2048
LONGEST_LIST = 200_000
LONGEST_STRING = 100_000
LARGEST_ARRAY = 10_000_000
MOST_PATHS = 4000
"""How many ways the steps of one chunk may take through a function."""
MOST_RECURSIVE = 300_000
"""How many steps are followed one by one."""


class Budget:
    """What is left to a run of operations, seconds and numbers in arrays."""

    def __init__(self, operations: int = OPERATIONS, seconds: float = SECONDS) -> None:
        self.operations = self.left = operations
        self.spent = 0
        self.seconds, self.numbers = seconds, 2 * LARGEST_ARRAY
        self.until = time.process_time() + seconds

    def renew(self, operations: int) -> None:
        """Begin anew, with so many operations."""
        self.spent += self.operations - self.left
        self.operations = self.left = operations
        self.until = time.process_time() + self.seconds

    def check(self, node: ast.AST | None) -> None:
        """Raise TooLongError if nothing is left."""
        if self.left < 0 or time.process_time() > self.until:
            raise TooLongError(
                "this runs too long; shorten its loops, or give what it computes", node
            )

    def take(self, numbers: int, node: ast.AST | None) -> None:
        """Raise TooLongError if an array of so many numbers is too much."""
        self.numbers -= numbers
        if numbers > LARGEST_ARRAY or self.numbers < 0:
            raise TooLongError("this is too large an array; make it smaller", node)


def counted(value: Any, node: ast.AST | None = None) -> Any:
    """Return a container as it is; TooLong if it holds too much in all of its levels."""
    members = value.values() if isinstance(value, dict) else value
    level, count, depth = [one for one in members if isinstance(one, _CONTAINERS)], 0, 0
    while level:
        count, depth = count + sum(map(len, level)), depth + 1
        if count > LONGEST_LIST or depth > DEEPEST:
            raise TooLongError("this holds too much, or is nested too deep; make it smaller", node)
        held = (one.values() if isinstance(one, dict) else one for one in level)
        level = [one for members in held for one in members if isinstance(one, _CONTAINERS)]
    return value
