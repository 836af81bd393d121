"""What a calendar is called on pages: by the clock and the conventions it serves, never by its name in the files."""

from collections.abc import Iterable, Mapping

from router.clock.targets import Clock
from router.desk.policy import PERMANENT
from router.rulebook.entries import Convention
from router.rulebook.wording import quoted

_CLOCKS: Mapping[str, str] = {
    Clock.PEDAGOGIQUE: "calendrier pédagogique",
    Clock.ADMINISTRATIF: "calendrier administratif",
    Clock.PERMANENT: "calendrier permanent",
}


def calendar_titles(conventions: Iterable[Convention]) -> dict[str, str]:
    """« calendrier pédagogique de « Convention du Val-Nord » », by the name in the files."""
    served: dict[str, list[tuple[str, str]]] = {}
    for convention in conventions:
        for clock, name in convention.clocks.items():
            served.setdefault(name, []).append((_CLOCKS.get(clock, "calendrier"), convention.title))
    return {name: _title(name, uses) for name, uses in served.items()}


def title_of(titles: Mapping[str, str], name: str) -> str:
    """A calendar that serves no convention has only its name."""
    return titles.get(name, f"calendrier « {name} »")


def _title(name: str, uses: list[tuple[str, str]]) -> str:
    if name == PERMANENT:
        return _CLOCKS[Clock.PERMANENT]
    kinds = {kind for kind, _ in uses}
    kind = kinds.pop() if len(kinds) == 1 else "calendrier"
    return f"{kind} de {quoted(dict.fromkeys(title for _, title in uses))}"
