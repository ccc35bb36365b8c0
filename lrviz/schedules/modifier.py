"""Wrappers with one number, which a spec may write as an item of the stage they change."""

from typing import Annotated, Any

from .base import Schedule
from .fields import Param, Parameter, number_text


class Modifier(Schedule):
    """A wrapper with one number, which a spec may write as an item of the stage it changes.

    `exp:lr=1,rate=0.9,steps=10,floor=0.1` is `floor:value=0.1/exp:lr=1,rate=0.9,steps=10`.
    """

    of: Annotated[Schedule, Param("the schedule that is changed")]

    @classmethod
    def number(cls) -> Parameter:
        """Return the field that holds the number."""
        return next(field for field in cls.parameters() if field.item is not Schedule)

    @classmethod
    def around(cls, of: Schedule, number: float) -> Schedule:
        """Return `of` changed by this modifier with `number`."""
        fields: dict[str, Any] = {"of": of, cls.number().name: number}
        return cls(**fields)

    def spelled(self) -> tuple[str, int]:
        inner, _ = self.of.spelled()
        twice = any(type(part) is type(self) for part in self.of.parts())
        if "/" in inner or "(" in inner or twice:  # a stage has each modifier once, a call has none
            return super().spelled()
        value = number_text(getattr(self, self.number().name))
        return f"{inner}{',' if ':' in inner else ':'}{self.name}={value}", 0
