"""`python -m bench [NAME …] [--quick]`: the names below; without one, all of them."""

import argparse
from collections.abc import Callable

from bench import (
    classify,
    clock,
    decisions,
    dialogues,
    drain,
    filing,
    looking_back,
    memory,
    pages,
    posts,
    rulebook,
)
from bench.machine import describe

ALL: dict[str, Callable[[bool], None]] = {
    "classify": classify.main,
    "clock": clock.measured,
    "decisions": decisions.main,
    "dialogues": dialogues.main,
    "rulebook": rulebook.main,
    "looking-back": looking_back.main,
    "filing": filing.main,
    "posts": posts.main,
    "pages": pages.main,
    "drain": drain.main,
    "memory": memory.main,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*ALL, []], metavar="|".join(ALL))
    parser.add_argument("--quick", action="store_true", help="shorter runs, to see that all of it works")
    asked = parser.parse_args()
    describe()
    for name in asked.names or ALL:
        ALL[name](asked.quick)


if __name__ == "__main__":
    main()
