"""What `tomllib` says when a text isn't TOML, in French with the mend: its list of sentences is closed and short."""

import re

_TWICE = "ce nom est déjà écrit plus haut : gardez-en un seul"
_CLOSED = "cette table a déjà été écrite en entier plus haut : complétez-la là-bas"
_DATE = "cette date n'existe pas : écrivez-la comme 2025-09-01"
_VALUE = (
    "la valeur manque ou ne se lit pas : un texte s'écrit entre guillemets droits, une date comme 2025-09-01"
)
_STRAY = (
    "quelque chose suit la valeur sur cette ligne : une seule chose par ligne, et un guillemet de chaque côté"
)
_BACKSLASH = (
    "une barre oblique inverse (\\) est de trop dans ce texte : doublez-la, ou mettez-le entre apostrophes"
)
_KEY = "un nom est attendu ici, en lettres sans accent, chiffres, « _ » ou « - » ; une table { … } tient sur une ligne"

# In this order: the first pattern that is found says the sentence.
_SENTENCES = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"Cannot overwrite a value|Cannot declare .* twice|Duplicate inline table key", _TWICE),
        (r"Cannot mutate immutable namespace|Cannot redefine namespace", _CLOSED),
        (r"Invalid date or datetime", _DATE),
        (r"Invalid value", _VALUE),
        (r"Expected newline or end of document", _STRAY),
        (
            r"Expected '=' after a key",
            "le signe = manque après ce nom (lettres sans accent, chiffres, « _ » ou « - »)",
        ),
        (r"Expected '\]\]'", "il manque ]] à la fin de ce titre"),
        (r"Expected '\]'", "il manque ] à la fin de ce titre"),
        (r"Invalid initial character for a key part", _KEY),
        (
            r"Invalid statement",
            "cette ligne ne commence ni par un nom, ni par un [titre], ni par un commentaire (#)",
        ),
        (r"Unclosed array", "une liste n'est pas refermée : il manque une virgule, ou ] à la fin"),
        (r"Unclosed inline table", "une table n'est pas refermée : il manque une virgule, ou } à la fin"),
        (r"Illegal character '\\n'", "un texte n'est pas refermé sur sa ligne : il manque un guillemet"),
        (
            r"Unterminated string|Expected .*['\"]{3}",
            "un texte n'est pas refermé : il manque ses derniers guillemets",
        ),
        (r"Unescaped '\\+' in a string|Invalid hex value|not a Unicode scalar value", _BACKSLASH),
        (r"Illegal character|Found invalid character", "un signe invisible n'est pas permis ici : effacez-le"),
    )
)
_OTHER = "ce passage ne se lit pas : vérifiez les guillemets, les crochets et le signe ="

# The parser names the place after what is written twice; people look for where it begins.
_PLACED_AFTER = re.compile(r"Cannot (overwrite|declare|mutate|redefine)|Duplicate inline")


def french_reason(message: str) -> str:
    """A clause without a capital nor a full stop."""
    return next((sentence for pattern, sentence in _SENTENCES if pattern.search(message)), _OTHER)


def is_placed_after(message: str) -> bool:
    """Whether the parser's column comes after what is wrong, on the line where that ends."""
    return _PLACED_AFTER.match(message) is not None
