"""How much work something is, in calls: a busy machine changes no count, as it does a time."""

import sys
from collections.abc import Callable


def calls(work: Callable[[], object]) -> int:
    counted = 0

    def count(_frame: object, event: str, _what: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted
