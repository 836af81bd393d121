"""How people write a password: « mdp : Soleil2024 », « j'ai tapé soleil comme mot de passe », « code 4578 ».

Patterns: the group « data » (« other » in a second branch) is the secret; « error »: there is none. And the plain words
after « mdp : », told from what else may be said there (« mot de passe : oublié ») by a list, `told_secrets.toml`."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from router.classify.fold import fold_characters
from router.classify.given_names import is_ordinary

_DOOR = (
    r"mots?[ _-]?de[ _-]?passe|mots? passe|mdp|m\.d\.p\.?|password|passwd|pwd"
    r"|code (?:d['’]accès|wifi|secret|pin|ent)|clé (?:wifi|wpa)"
)
_DENIED = r"(?!(?:ne|pas|plus|mais|alors|car|donc|quand|lorsque|puis)\b)"
_OF_WHAT = rf"(?:[ \t]{{1,8}}{_DENIED}(?:MM?\.|[dcl]['’][\w-]{{0,30}}|[\w-]{{1,30}})){{0,8}}?"
# What follows « c'est », and is no secret.
_TELLS_NONE = (
    r"(?:pas|plus|bien|bon|le|la|les|un|une|mon|ma|mes|son|sa|ses|ton|leur|leurs|celui|celle|ceux|toujours|encore|quoi"
    r"|qui|que|faux|ça|cela|trop|très|impossible|incorrect|invalide|mort|tout|toute|toutes|pour|même|comme|lequel"
    r"|compliqué|chez|dans|sur|sans|avec|aussi|fini|juste|quand|obligatoire|nouveau|temporaire|vide|inconnu|pareil"
    r"|identique|normal|possible|rien|lui|elle|eux|moi|nous|vous|court|long|simple|ici|là|\w{1,30}(?:é|ée|és|ées))\b"
)
_SAYS = r"peut-être|est-ce|c['’]est-à|y-a|\w{1,20}-(?:t-)?(?:il|elle|ils|on|ce|je|vous|nous|là|ci|même)\b"
_OPENED, _CLOSED = r"(?:[«\"“'][ \t]{0,8})?", r"(?:[ \t]{0,8}[»\"”'])?"
_AS_ONE = (
    rf"[ \t]{{1,8}}{_OPENED}(?P<SECRET>(?!{_TELLS_NONE})[^\s«»\"“”'’,;]{{3,40}}){_CLOSED}[ \t]{{1,8}}"
    r"(?:comme|en|pour)[ \t]{1,8}(?:mot de passe|mdp|code|password)\b"
)
_TYPED = r"\b(?:tap|entr|rentr|donn|utilis|essay)(?:e|é|er|ée|ez)"
_PUT = r"\b(?:mis|mets|met|mettre|saisi|saisir|choisi|choisir|écrit|écris)"
# Codes that open nothing.
_FAILS = r"(?:erreurs?|error|postal\w{0,4}|affich\w{0,6}|échec|échou\w{0,4}|messages?|plant\w{0,4}|bugs?)"
_NO_DOOR = (
    rf"(?:{_FAILS}|barres?|produits?"
    r"|articles?|insee|uai|rne|ape|naf|siret|siren|tva|bic|compt\w{0,8}|budg\w{0,8}|fournisseurs?|activités?"
    r"|domaines?|matières?|mef|analytiques?|incidents?|tickets?|dossiers?|banque|guichet|agence|bancaire|arrêt"
    r"|pannes?|défauts?|retour|http|référence|nomenclature|formation|diplôme|clients?|établissements?|couleur|série)"
)
_CODE_FOR = r"(?:est|c['’]est|:|=|wifi|pin|alarme|porte|portail|photocopieur|copieur)"

PASSWORDS = (
    # What follows a colon or « est », and holds a figure or a sign: « mon mot de passe est expiré » tells none.
    re.compile(
        rf"\b(?:(?:{_DOOR}){_OF_WHAT}[ \t]{{0,8}}(?::|=|\best\b|c['’]est)|mp[ \t]{{0,8}}[:=])[ \t]{{0,8}}{_OPENED}"
        rf"(?P<data>(?:(?=\S{{0,40}}\d)|(?!{_TELLS_NONE}|{_SAYS})(?=\S{{0,40}}[!@#$%&*_+?-]\w))"
        r"\S{4,40}?)(?=[ \t]{0,8}[»\"”']|[.,;)]?(?:\s|$))",
        re.IGNORECASE,
    ),
    # A plain word too, where she says that it is one.
    re.compile(
        rf"\b(?:{_DOOR}){_OF_WHAT}[ \t]{{0,8}}c['’](?:est|était)[ \t]{{1,8}}{_OPENED}"
        rf"(?P<data>(?!{_TELLS_NONE})[^\W_]{{3,40}})(?=[ \t]{{0,8}}(?:[»\"”'.,;:!?)\n]|et\b|mais\b|$))",
        re.IGNORECASE,
    ),
    re.compile(
        f"{_TYPED}{_AS_ONE.replace('SECRET', 'data')}|{_PUT}{_AS_ONE.replace('SECRET', 'other')}", re.IGNORECASE
    ),
    # « mdp Soleil24 »: letters and figures at once, and no class.
    re.compile(
        r"\b(?:mdp|pwd|password|mots? de passe)[ \t]{1,8}"
        r"(?P<data>(?![3-6] ?(?:e|è|°))(?=\S{0,40}\d)(?=\S{0,40}[^\W\d_])[^\s\[«\"“]{4,40})(?=\s|$)",
        re.IGNORECASE,
    ),
    # « code 4578 », but « erreur : code 1603 » and « code postal ».
    re.compile(
        rf"(?P<error>{_FAILS}[^\n.;!?]{{0,30}})?\bcodes?[ \t]{{1,8}}(?:{_CODE_FOR}[ \t]{{1,8}}){{0,2}}"
        r"(?P<data>\d{4,8})"
        r"(?![\w.-]|[ \t]{0,8}(?:erreurs?|windows)\b)",
        re.IGNORECASE,
    ),
    # « le code du copieur : 4578 ».
    re.compile(
        rf"(?P<error>{_FAILS}[^\n.;!?]{{0,30}})?\bcodes?"
        rf"(?:[ \t]{{1,8}}{_DENIED}(?:[dl]['’])?(?!{_NO_DOOR}\b)(?:\d{{1,3}}|[^\W\d_][\w-]{{0,30}})){{1,6}}?"
        r"[ \t]{0,8}(?::|=|\best\b|c['’]est)[ \t]{0,8}(?P<data>\d{4,8})"
        rf"(?![\w.-]|[ \t]{{0,8}}{_NO_DOOR}\b)",
        re.IGNORECASE,
    ),
)

# Whatever is said to be the secret, a plain word as well: for who hides rather too much.
SAID_TO_BE_ONE = re.compile(
    rf"\b(?:{_DOOR}|codes?|identifiants?)\b[^\n.;!?]{{0,40}}?(?:[ \t](?:est|était|sont)\b|c['’](?:est|était)\b|[:=])"
    r"[ \t«\"“']{0,8}(?P<data>[^\s«»\"“”]{3,40})",
    re.IGNORECASE,
)

_ANNOUNCED = re.compile(
    rf"\b(?:(?:{_DOOR})(?P<of>{_OF_WHAT})|mp)[ \t]{{0,8}}[:=][ \t]{{0,8}}(?P<quoted>[«\"“][ \t]{{0,8}})?(?=[^\W\d_])",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[^\W\d_][^\s«»\"“”,;:/()\[\]<>|=]{2,39}")
_ENDS = re.compile(
    r"[ \t]{0,8}(?:[.!?…]{0,3}(?:\s{0,8}$|[ \t]{0,8}\n)|[.!?…]{1,3}[ \t]|[»\"”,;/|()]|[–—-][ \t])"
)
_GOES_ON = re.compile(
    r"[ \t]{1,8}(?:et|mais|ne|n['’]|il|elle|ça|ca|login|identifiants?|id|user|mp|mail)\b", re.IGNORECASE
)
_BLANK = re.compile(r"[ \t]{1,8}")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)
_TROUBLE = frozenset(
    "perdu perdue perdus ko hs marche fonctionne probleme erreur refus inconnu oubli changement".split()  # noqa: SIM905
)
_GIVEN = ("donne", "modifie", "change", "communique", "envoye", "initialise", "partage", "cree", "note")
_TOLD_OF_IT = ("é", "ée", "és", "ées", "ez", "ment")


@cache
def _no_secret() -> frozenset[str]:
    lists = tomllib.loads((files("router.classify") / "told_secrets.toml").read_text(encoding="utf-8"))
    return frozenset(lists["no_secret"].split())


def plain_secrets(text: str) -> Iterator[tuple[int, int]]:
    """Where « mdp : soleil », « mot de passe : chaton bleu » stand: one or two words after a colon that say nothing
    of a password."""
    for announced in _ANNOUNCED.finditer(text):
        if any(_troubled(word) for word in (announced["of"] or "").split()):
            continue
        if span := _one_or_two(text, announced.end()):
            yield span


def _one_or_two(text: str, place: int) -> tuple[int, int] | None:
    first = _PLAIN.match(text, place)
    if first is None or _ordinary(first[0]):
        return None
    end = _trimmed(first)
    if _ENDS.match(text, end) or _GOES_ON.match(text, end):
        return place, end
    blank = _BLANK.match(text, end)
    second = _PLAIN.match(text, blank.end()) if blank else None
    if second is None or _ordinary(second[0]) or not _ENDS.match(text, _trimmed(second)):
        return None
    return place, _trimmed(second)


def _trimmed(word: re.Match[str]) -> int:
    return word.start() + len(word[0].rstrip(".!?…'’"))


def _ordinary(word: str) -> bool:
    """Whether a word says something of a password rather than being one."""
    bare = word.rstrip(".!?…'’")
    return len(bare) < 3 or _says_something(bare) or is_ordinary(fold_characters(bare))


def _troubled(word: str) -> bool:
    """« mot de passe oublié : … » tells what happened; « mot de passe donné par M. Dupuis : … » tells it."""
    folded = fold_characters(word)
    participle = word.casefold().endswith(("é", "ée", "és", "ées")) and not folded.startswith(_GIVEN)
    return participle or folded in _TROUBLE


def _says_something(word: str) -> bool:
    lowered = word.casefold()
    infinitive = lowered.endswith("er") and not lowered.endswith("ier") and len(lowered) > 5
    return (
        infinitive
        or lowered.endswith(_TOLD_OF_IT)
        or _ELIDED.match(lowered) is not None
        or fold_characters(lowered) in _no_secret()
    )
