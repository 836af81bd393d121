"""The UAI (ex-RNE), the one identifier of a school: seven digits and a check letter.

The first three digits say the département; the letter is drawn from the seven digits taken as a number."""

import re

from router.model.actor import Invalid

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # neither I, nor O, nor Q: they look like 1 and 0
MISSING_LETTERS = "IOQ"
CORSICA = {"620": "2A", "720": "2B"}

_SHAPE = re.compile(r"[0-9]{7}[A-Z]")
_INSIDE = re.compile(r"(?<![0-9])[0-9]{7}[A-Za-z](?![A-Za-z0-9])")


def college_uai(number: int) -> str:
    """The whole UAI of a seven-digit number: 352958 → 0352958A.

    Raises ValueError when the number has more than seven digits or is negative."""
    if not 0 <= number <= 9_999_999:
        raise ValueError(f"{number} is not a number of seven digits")
    return f"{number:07d}{LETTERS[number % len(LETTERS)]}"


def parse_uai(text: str) -> str:
    """The UAI in its canonical form (capitals, no space). Raises Invalid with the mend, in French."""
    uai = "".join(text.split()).upper()
    if not _SHAPE.fullmatch(uai):
        raise Invalid(_misshapen(uai), "uai")
    expected = college_uai(int(uai[:7]))
    if uai == expected:
        return uai
    if uai[7] in MISSING_LETTERS:
        raise Invalid(
            f"{uai} : la lettre {uai[7]} n'existe pas dans un UAI (ni I, ni O, ni Q) ; "
            f"la lettre de contrôle devrait être {expected[7]}.",
            "uai",
        )
    raise Invalid(
        f"La lettre de contrôle de {uai} devrait être {expected[7]} : vérifiez les chiffres et la lettre.",
        "uai",
    )


def departement_of(uai: str) -> str:
    """The département's code behind the first three digits: 035 → 35, 620 → 2A, 974 → 974."""
    prefix = uai[:3]
    return CORSICA.get(prefix, prefix.removeprefix("0"))


def same_departement(code: str) -> str:
    """A département's code as files write it (35, 035, 02A, 2a, 1) in the form `departement_of` gives."""
    bare = "".join(code.split()).upper().lstrip("0")
    bare = CORSICA.get(bare, bare)
    return bare.zfill(2) if bare else ""


def find_uai(text: str) -> str | None:
    """The first thing that looks like a UAI inside a longer text (« 9019001M - Collège… »), as written."""
    found = _INSIDE.search(text)
    return found.group() if found else None


def _misshapen(uai: str) -> str:
    if not uai:
        return "Le code UAI manque : sept chiffres puis une lettre, par exemple 9019001M."
    hint = _hint(uai)
    shape = "un UAI s'écrit avec sept chiffres puis une lettre"
    return f"« {uai[:20]} » n'est pas un UAI : {shape}{f' ; {hint}' if hint else ''}."


def _hint(uai: str) -> str:
    """What probably happened: a zero typed as O, a lost leading zero, a lost letter."""
    digits, letter = uai[:-1], uai[-1:]
    zeroed = digits.replace("O", "0")
    if zeroed != digits and _SHAPE.fullmatch(zeroed + letter):
        return f"la lettre O a sans doute remplacé un zéro ({zeroed}{letter} ?)"
    if _SHAPE.fullmatch("0" + uai):
        return f"il manque sans doute le zéro de tête (0{uai} ?)"
    if re.fullmatch(r"[0-9]{7}", uai):
        return f"il manque la lettre de contrôle ({college_uai(int(uai))} ?)"
    return ""
