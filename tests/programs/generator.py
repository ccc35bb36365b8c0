"""Random programs: functions of the step with loops, tests, lists, closures and classes."""

import random

STEP = "step"
_OF_MARKS = (
    "sum(step >= m for m in marks)",
    "len([m for m in marks if m < step])",
    "max(marks[0], step)",
    "min(step, *marks)",
)
_MATH = ("cos", "sin", "exp", "sqrt", "floor", "ceil", "log", "tanh", "fabs")


class Generator:
    """Writes one random program, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311
        self.names = [STEP, "base", "warm", "total"]
        self.lines: list[str] = []
        self.count = 0
        self.loops = 0

    def program(self) -> str:
        """Return the text of a program that ends in a def with one parameter."""
        pick = self.random
        head = [
            f"base = {pick.choice([0.1, 3e-4, 1, 0.5, 2])}",
            f"warm = {pick.choice([1, 5, 10, 10.0, 0])}",
            f"total = {pick.choice([50, 100, 77, 64.0])}",
            f"marks = {sorted(pick.sample(range(1, 90), 3))}",
            "args = {'gamma': 0.5, 'power': 2}",
            "def helper(x, scale=0.5):",
            f"    if x {pick.choice(['>', '<=', '=='])} {pick.randint(0, 60)}:",
            f"        return {pick.choice(['x * scale', 'scale', 'x - 1', 'x // 2'])}",
            f"    return {pick.choice(['x + scale', '0', 'scale / 2', 'x % 7'])}",
            "class Rule:",
            "    def __init__(self, low):",
            "        self.low = low",
            "    def __call__(self, x):",
            "        return max(self.low, x / 3)",
            "rule = Rule(0.25)",
        ]
        self.block(1, pick.randint(2, 6))
        body = [f"def rate({STEP}):", *self.lines, f"    return {self.expression(2)}"]
        return "\n".join([*head, *body])

    def block(self, depth: int, size: int) -> None:
        """Write statements at a depth."""
        for _ in range(size):
            self.statement(depth)

    def add(self, depth: int, line: str) -> None:
        """Write one line."""
        self.lines.append("    " * depth + line)

    def nested(self, depth: int, size: int) -> None:
        """Write statements whose new names are not known after them."""
        known = list(self.names)
        self.block(depth, size)
        self.names = known

    def statement(self, depth: int) -> None:
        """Write one statement."""
        pick = self.random
        kind = pick.choice(
            ["assign"] * 4
            + ["augment"] * 2
            + (["if", "if", "for", "while", "early", "marks", "assert"] if depth < 3 else [])
        )
        own = [n for n in self.names if n.startswith("v")]
        if kind == "augment" and own:
            name = pick.choice(own)
            self.add(
                depth,
                f"{name} {pick.choice(['+=', '-=', '*=', '//=', '%=', '/='])} {self.expression(1)}",
            )
        elif kind == "if":
            self.add(depth, f"if {self.test()}:")
            self.nested(depth + 1, pick.randint(1, 2))
            if pick.random() < 0.5:
                self.add(depth, f"elif {self.test()}:")
                self.nested(depth + 1, 1)
            if pick.random() < 0.5:
                self.add(depth, "else:")
                self.nested(depth + 1, 1)
        elif kind == "for" and self.loops < 2:
            self.loops += 1
            name = f"i{self.loops}"
            over = pick.choice(
                [
                    f"range({pick.randint(1, 4)})",
                    "marks",
                    "(1, 2.5, 3)",
                    f"range(1, {pick.randint(2, 9)}, 2)",
                ]
            )
            self.add(depth, f"for {name} in {over}:")
            known = list(self.names)
            self.names.append(name)
            self.block(depth + 1, pick.randint(1, 2))
            if pick.random() < 0.4:
                self.add(depth + 1, f"if {self.test()}:")
                self.add(depth + 2, pick.choice(["break", "continue"]))
            self.names = known
        elif kind == "while" and self.loops < 2:
            self.loops += 1
            name = f"w{self.loops}"
            self.add(depth, f"{name} = {STEP}")
            self.add(depth, f"while {name} > {pick.randint(1, 30)}:")
            self.add(depth + 1, f"{name} {pick.choice(['//= 2', '-= 17', '= ' + name + ' // 3'])}")
            self.names.append(name)
        elif kind == "early":
            self.add(depth, f"if {self.test()}:")
            self.add(depth + 1, f"return {self.expression(1)}")
        elif kind == "marks":
            self.count += 1
            name = f"v{self.count}"
            self.add(depth, f"{name} = {pick.choice(_OF_MARKS)}")
            self.names.append(name)
        elif kind == "assert":
            self.add(depth, f"assert {STEP} >= 0")
        else:
            self.count += 1
            name = f"v{self.count}"
            self.add(depth, f"{name} = {self.expression(2)}")
            self.names.append(name)

    def test(self) -> str:
        """Return a condition."""
        pick = self.random
        kind = pick.randint(0, 6)
        left = pick.choice(self.names)
        op = pick.choice(["<", "<=", ">", ">=", "==", "!="])
        if kind == 0:
            return (
                f"{pick.randint(0, 20)} <= {left} {pick.choice(['<', '<='])} {pick.randint(20, 90)}"
            )
        if kind == 1:
            among = pick.choice(["marks", "[3, 7, 40]", "range(5, 60, 5)", "(1,)"])
            return f"{STEP} {pick.choice(['in', 'not in'])} {among}"
        if kind == 2:
            other = f"{left} {op} {pick.randint(0, 60)}"
            return f"{STEP} % {pick.randint(2, 9)} == 0 {pick.choice(['and', 'or'])} {other}"
        if kind == 3:
            return f"not {left} {op} {self.expression(1)}"
        return f"{left} {op} {self.expression(1)}"

    def expression(self, depth: int) -> str:
        """Return an expression."""
        pick = self.random
        if depth == 0 or pick.random() < 0.2:
            return pick.choice(
                [
                    *self.names,
                    STEP,
                    str(pick.randint(0, 9)),
                    str(pick.choice([0.5, 0.1, 1e-3, 2.0])),
                    "args['gamma']",
                ]
            )
        left, right = self.expression(depth - 1), self.expression(depth - 1)
        kind = pick.randint(0, 11)
        if kind <= 3:
            return f"({left} {pick.choice(['+', '-', '*', '*', '/', '//', '%'])} {right})"
        if kind == 4:
            return f"{pick.choice(['min', 'max'])}({left}, {right})"
        if kind == 5:
            return f"math.{pick.choice(_MATH)}({left})"
        if kind == 6:
            return f"({left} if {self.test()} else {right})"
        if kind == 7:
            return f"({left} ** {pick.choice(['2', '0.5', '-1', '3', '(step // 30)', '-0.5'])})"
        if kind == 8:
            return (
                f"{pick.choice(['float', 'int', 'abs', 'round', 'helper', 'rule', 'bool'])}({left})"
            )
        if kind == 9:
            return f"(lambda y: y + {right})({left})"
        if kind == 10:
            return f"{pick.choice(['-', '+'])}{left}"
        return f"(1 + {left} / max(1, {right}))"
