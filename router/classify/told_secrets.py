"""How people write a password: « mdp : Soleil2024 », « j'ai tapé soleil comme mot de passe », « code 4578 ».

Patterns only. The group « data » (« other » in a second branch) is the secret; « error »: there is none."""

import re

_DOOR = r"mots? de passe|mdp|m\.d\.p\.?|password|code (?:d['’]accès|wifi|secret|pin|ent)|clé (?:wifi|wpa)"
_OF_WHAT = r"(?:[ \t]{1,8}(?:(?:de|du|des|pour|wifi|actuel|provisoire|est)\b|[dc]['’]\w{0,30}|\w{1,30})){0,3}?"
# What follows « c'est », and is no secret.
_TELLS_NONE = (
    r"(?:pas|plus|bien|bon|le|la|les|un|une|mon|ma|mes|son|sa|ses|ton|leur|leurs|celui|celle|ceux|toujours|encore|quoi"
    r"|qui|que|faux|ça|cela|trop|très|impossible|incorrect|invalide|mort|tout|toute|toutes|pour|même|comme|lequel"
    r"|compliqué|chez|dans|sur|sans|avec|aussi|fini|juste|quand|obligatoire|nouveau|temporaire|vide|inconnu|pareil"
    r"|identique|normal|possible|rien|lui|elle|eux|moi|nous|vous|court|long|simple|ici|là|\w{1,30}(?:é|ée|és|ées))\b"
)
_OPENED, _CLOSED = r"(?:[«\"“'][ \t]{0,8})?", r"(?:[ \t]{0,8}[»\"”'])?"
_AS_ONE = (
    rf"[ \t]{{1,8}}{_OPENED}(?P<SECRET>(?!{_TELLS_NONE})[^\s«»\"“”'’,;]{{3,40}}){_CLOSED}[ \t]{{1,8}}"
    r"(?:comme|en|pour)[ \t]{1,8}(?:mot de passe|mdp|code|password)\b"
)
_TYPED = r"\b(?:tap|entr|rentr|donn|utilis|essay)(?:e|é|er|ée|ez)"
_PUT = r"\b(?:mis|mets|met|mettre|saisi|saisir|choisi|choisir|écrit|écris)"
_CODE_FOR = r"(?:est|c['’]est|:|=|wifi|pin|alarme|porte|portail|photocopieur|copieur)"

PASSWORDS = (
    # What follows a colon or « est », and holds a figure or a sign: « mon mot de passe est expiré » tells none.
    re.compile(
        rf"\b(?:{_DOOR}){_OF_WHAT}[ \t]{{0,8}}(?::|=|\best\b|c['’]est)[ \t]{{0,8}}{_OPENED}"
        r"(?P<data>(?=\S{0,40}[\d!@#$%&*_+?-])\S{4,40}?)(?=[ \t]{0,8}[»\"”']|[.,;)]?(?:\s|$))",
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
        r"(?P<data>(?![3-6] ?(?:e|è))(?=\S{0,40}\d)(?=\S{0,40}[^\W\d_])[^\s\[«\"“]{4,40})(?=\s|$)",
        re.IGNORECASE,
    ),
    # « code 4578 », but « erreur : code 1603 » and « code postal ».
    re.compile(
        r"(?P<error>(?:erreurs?|error|postal|affich\w{0,6}|échec|échou\w{0,4}|message|plant\w{0,4}|bug)"
        rf"[^\n.;!?]{{0,30}})?\bcodes?[ \t]{{1,8}}(?:{_CODE_FOR}[ \t]{{1,8}}){{0,2}}(?P<data>\d{{4,8}})"
        r"(?![\w.-]|[ \t]{0,8}(?:erreurs?|windows)\b)",
        re.IGNORECASE,
    ),
)
