"""A browser and its system in plain words, from what it says of itself: enough to recognise one's own devices.

Only these words are kept. Order counts: most browsers also call themselves by the names of others."""

from router.desk.accounts import UNKNOWN_DEVICE

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "sur iPhone"),
    ("iPad", "sur iPad"),
    ("Android", "sur Android"),
    ("CrOS", "sur Chromebook"),
    ("Windows", "sous Windows"),
    ("Macintosh", "sur Mac"),
    ("Linux", "sous Linux"),
)


def device_words(user_agent: str) -> str:
    """« Firefox sous Windows », or as much of it as can be recognised."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    return " ".join(filter(None, (browser or ("Navigateur" if system else ""), system))) or UNKNOWN_DEVICE


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for mark, words in known if mark in user_agent), "")
