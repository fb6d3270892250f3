"""How the interface says no: a status, a code for programs, one line for people."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """A request that is not done. `field` names what in it is wrong."""

    def __init__(
        self, status: int, code: str, message: str, *, field: str = "", headers: dict[str, str] | None = None
    ) -> None:
        self.status, self.code, self.message, self.field = status, code, message, field
        self.headers = headers or {}
        super().__init__(message)
