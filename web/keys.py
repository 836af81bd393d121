"""Numbers that name rows, as addresses and queries give them: one too great for any row names none."""

from flask import request
from werkzeug.routing import IntegerConverter, Map

GREATEST = 2**31 - 1


class KeyConverter(IntegerConverter):
    """`<int:…>` in a route. A number over any row's is a page not found, not an error of the database."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = GREATEST) -> None:
        super().__init__(map, fixed_digits, min, max)


def key_in_query(name: str) -> int | None:
    """A row's number in the query (`?after=12`); None when there is none that could be."""
    key = request.args.get(name, type=int)
    return key if key is not None and 0 < key <= GREATEST else None
