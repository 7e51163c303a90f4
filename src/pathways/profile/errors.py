"""The one error of this room."""

from __future__ import annotations


class ProfileError(ValueError):
    """A case file, or a profile made in Python, that cannot be used. ``problems`` has one line each: where, what was
    given, what is allowed; nothing was changed."""

    def __init__(self, problems: list[str], where: str = "") -> None:
        self.problems = problems
        super().__init__("\n".join(f"{where}: {problem}" if where else problem for problem in problems))
