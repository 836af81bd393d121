"""Mends what directories and spreadsheets do to names, phones, postcodes, addresses and dates."""

import re
from calendar import monthrange
from datetime import date

from email_validator import EmailNotValidError, validate_email

_SMALL_WORDS = frozenset(
    ("à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "lès", "sur")
)
_ROMAN = re.compile(r"[IVX]+")
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")
_COLLEGE = re.compile(r"\bCollege\b")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")


def readable_name(name: str) -> str:
    """An all-caps name in ordinary case; a name that already has small letters is left alone."""
    if name != name.upper() or not any(letter.isalpha() for letter in name):
        return name
    return _COLLEGE.sub("Collège", _WORD.sub(lambda match: _cased(match.group(), match.start()), name))


def _cased(word: str, place: int) -> str:
    if word.lower() in _SMALL_WORDS and place:
        return word.lower()
    if "." in word or (len(word) > 1 and _ROMAN.fullmatch(word)):
        return word
    return word.capitalize()


def is_mangled(cell: str) -> bool:
    """A number a spreadsheet has rounded beyond repair: 2,17003E+13."""
    return bool(_SCIENTIFIC.fullmatch(cell))


def is_siret(cell: str) -> bool:
    """Empty, or a SIREN or SIRET whose check digit holds (Luhn): a rounded one doesn't."""
    if not re.fullmatch(r"[0-9]{9}|[0-9]{14}", cell):
        return not cell
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(cell)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def phone_number(cell: str) -> str:
    """Ten digits in pairs, the lost leading zero put back; what isn't French is left as written."""
    digits = re.sub(r"[\s.\-/()]", "", cell)
    digits = re.sub(r"^(\+33|0033)(?=\d{9}$)", "0", digits)
    if re.fullmatch(r"[1-9]\d{8}", digits):
        digits = "0" + digits
    if not re.fullmatch(r"0\d{9}", digits):
        return cell
    return " ".join(digits[place : place + 2] for place in range(0, 10, 2))


def postcode(cell: str) -> str:
    return cell.zfill(5) if re.fullmatch(r"\d{4}", cell) else cell


def email_address(cell: str) -> str | None:
    """The address in lower case, or None when it can't be one."""
    try:
        return validate_email(cell, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def day(cell: str) -> date | None:
    """A date as people write it: 30/06/2027, 2027-06-30, 06/2027 (its last day). None when it is none."""
    try:
        if match := _YEAR_FIRST.fullmatch(cell):
            return date(*map(int, match.groups()))
        if match := _DAY_FIRST.fullmatch(cell):
            in_month, month, year = map(int, match.groups())
            return date(year + 2000 if year < 100 else year, month, in_month)
        if match := _MONTH.fullmatch(cell):
            month, year = map(int, match.groups())
            return date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None
    return None
