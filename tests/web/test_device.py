"""What a browser says of itself, in words a person recognises."""

import pytest

from web.account.device import device_words

ENGINE = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {ENGINE} Safari/537.36"
ANDROID = f"Mozilla/5.0 (Linux; Android 15) {ENGINE} Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (CHROME, "Chrome sous Windows"),
        (f"{CHROME} Edg/131.0.0.0", "Edge sous Windows"),
        (f"{CHROME} OPR/115.0.0.0", "Opera sous Windows"),
        (ANDROID, "Chrome sur Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox sous Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) Version/18.0 Safari/605.1.15", "Safari sur Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) CriOS/131.0 Mobile/15E148 Safari/604.1",
            "Chrome sur iPhone",
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/131.0.0.0 Safari/537.36", "Chrome sur Chromebook"),
        ("Quelque chose (Windows NT 6.1)", "Navigateur sous Windows"),
        ("<script>alert(1)</script>", "Appareil non reconnu"),
        ("", "Appareil non reconnu"),
    ],
)
def test_a_device_in_words(given: str, words: str) -> None:
    assert device_words(given) == words
