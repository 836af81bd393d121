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
    return _key(request.args.get(name, type=int))


def key_in_form(name: str) -> int | None:
    """A row's number in what a form sent; None when there is none that could be."""
    return _key(request.form.get(name, type=int))


def _key(given: int | None) -> int | None:
    return given if given is not None and 0 < given <= GREATEST else None
