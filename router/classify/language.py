"""The language a text is written in, as far as it changes what we do: French, another one we read badly, or unknown
letters. By the small words each language can't do without; nothing is downloaded, nothing is learnt.

A French text that quotes an English error stays French: one clause of plain French is enough."""

import re
from collections.abc import Sequence
from itertools import pairwise

from router.classify.features import Reading
from router.model.incident import FRENCH

UNREADABLE = "und"  # letters of another script
_FEWEST = 3  # small words of a language before it is named
_SHARE = 0.3  # of all the words
_LONGEST_READ = 400  # words: a language shows in less
_FRENCH = frozenset(
    """
        a ai au aussi aux avec avons ce ces cet cette ca chez comme c d dans de depuis des donc du elle elles en encore
        est et etait ete eu faut il ils j je jamais l la le les leur lors ma mais mes mon n ne ni nos notre nous on ont
        ou par pas peut peux plus pour pourquoi qu quand que quel quelle qui rien s sa sans se ses si son sont sur ta
        tous tout toute toutes tres trop un une vers vos votre vous y bonjour merci svp cordialement affiche afficher
        aide allume anglais apres appareil avant carte casse cassee classe college compte connecter cours deja eleve
        eleves ecran enseignant erreur fonctionne fichier imprimante impossible internet hs lent lien logiciel machine
        marche marchent message met ordi ordinateur ordinateurs ouvre panne passe personne petit poste postes pb
        probleme prof projecteur non bref reseau salle souris souci tableau tablette telephone videoprojecteur veut voir
    """.split()  # noqa: SIM905
)
_OTHERS = {
    "en": frozenset(
        """
            a about after again all am an and any anymore are at be been broken but by can cannot could couldn did
            didn do does doesn don down for from get has have haven he help her his how i if in is isn it its just
            keeps me my need no not now of off on one open or our out password please problem room screen she should
            since so some someone thank thanks that the their them then there they this to today too turn up us was we
            were what when where which who why will with won work working would wouldn you your
        """.split()  # noqa: SIM905
    ),
    "es": frozenset(
        """
            al como con cuando de del desde donde el ella en es esta estan este esto ha hay hola la las lo los mas
            mi mis muy nada ni no nos nuestra nuestro o para pero por porque puede puedo que se ser si sin sobre su
            sus tambien tiene todo todos un una y ya funciona gracias ordenador impresora contrasena profesor aula
        """.split()  # noqa: SIM905
    ),
    "de": frozenset(
        """
            aber alle als am an auch auf aus bei bitte das dem den der die ein eine einen einer er es fur geht gibt
            haben hallo hat ich ihr im in ist jemand kann kein keine man mehr mein meine mit nach nicht noch nur oder
            schon sehr seit sich sie sind so und uns unser von war was wenn wie wir wird zu zum zur danke drucker
        """.split()  # noqa: SIM905
    ),
    "it": frozenset(
        """
            al alla anche che ci come con da dal del della delle di dove gli ha ho il io la le lo ma mi mio
            mia nel nella noi non per perche piu puo quando questo questa qui se si sono stampante su sul tutti tutto
            un una va grazie buongiorno funziona
        """.split()  # noqa: SIM905
    ),
    "pt": frozenset(
        """
            ao as com como da das de do dos ela ele em esta estao este eu foi ha isso ja mais mas me meu minha muito
            na nao nas no nos os ou para pela pelo por porque quando que se sem sua seu tem uma um voce obrigado
            obrigada funciona impressora
        """.split()  # noqa: SIM905
    ),
    "nl": frozenset(
        """
            aan al als bij de dan dat deze die dit door een en er geen goed heb heeft het hij hoe iets ik in is kan
            maar mijn na naar niet nog nu of om onze ook op over te uit van voor waar wat wel werkt wij ze zijn
            wachtwoord
        """.split()  # noqa: SIM905
    ),
    "sv": frozenset(  # without its accents: « på » is read « pa », « är » « ar »
        """
            alla alltid att av bara bytt datorn denna det detta eller efter ej ett finns fran fungerar gar hade han har
            hej hjalp hon ingen inte jag kan kommer kunde maste med mig min mina mitt mycket nagon nagot nar nej nu och
            oppna pa sedan sig skolan skrivaren ska som ta tack till typ under upp utan vad var vara vart vi vid vill
            blivit blir kontot losenord losenordet
        """.split()  # noqa: SIM905
    ),
    "tr": frozenset(
        """
            acaba ama bana benim bilgisayar bir birisi biri bu calismiyor calisiyor cok degil diye gibi hangi
            hesabim icin ile iyi kadar lutfen merhaba nasil neden olarak oldu onu sanirim simdi sinif sonra tum var
            ve veya yardim yok yazdim girdim tikladim sifremi telefon
        """.split()  # noqa: SIM905
    ),
    "pl": frozenset(
        """
            ale bardzo byl co czy dla do dziala dzien dobry gdzie haslo i jak jest jestem jestesmy juz komputer ktos
            ktory mam mi moj moja moje mojego na nasz nie od po prosze przez sie swoje tak tego teraz ten to w wiec
            wszystko z za ze zeby
        """.split()  # noqa: SIM905
    ),
    "ro": frozenset(
        """
            acum al am are asta au buna calculatorul ce cineva clasa cu cum dar din este eu fost imi in inca intr la
            le mea merge meu mi multumesc nu o pe pentru prin rog sa sau se si sunt trebuie un va vine
        """.split()  # noqa: SIM905
    ),
    "ar": frozenset(  # in Latin letters, as people type it
        """
            3la 3andi 3ndi ana bach bezaf bghit bzaf chi chwiya daba dak dial dialna dialo diali dyal dyali fi fin
            had hada hadi hna kan kayn kayna khoya kifach lli machi mashi mn nta salam sahbi walakin walou wach
            waqila wash wla yani ya3ni
        """.split()  # noqa: SIM905
    ),
}
_ONLY_FRENCH = {code: _FRENCH - small for code, small in _OTHERS.items()}
_ONLY_THEIRS = {code: small - _FRENCH for code, small in _OTHERS.items()}
_ELSEWHERE = frozenset().union(*_ONLY_THEIRS.values())
_LATIN = re.compile(r"[a-zA-Z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
_OTHER_LETTER = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")


def language_of(reading: Reading) -> str:
    """`fr`, unless the words are plainly of another language: its code, or `und` for another script."""
    if _other_script(reading):
        return UNREADABLE
    words = reading.texts[:_LONGEST_READ]
    enough = max(_FEWEST, _SHARE * len(words))
    if _count(words, _ELSEWHERE) < enough:
        return FRENCH
    best = max(_OTHERS, key=lambda code: _count(words, _ONLY_THEIRS[code]))
    theirs, french = _ONLY_THEIRS[best], _ONLY_FRENCH[best]
    many = _count(words, theirs)
    if many < enough or many <= _count(words, french):
        return FRENCH
    return FRENCH if _speaks_french(reading, french, theirs) else best


def _speaks_french(reading: Reading, french: frozenset[str], theirs: frozenset[str]) -> bool:
    """Two French words in a row, or a clause that has one (or says in French what is the matter) and no other."""
    own = [word in french for word in reading.texts[:_LONGEST_READ]]
    if any(one and next_one for one, next_one in pairwise(own)):
        return True
    foreign = {word.clause for word in reading.words if word.text in theirs}
    spoken = {word.clause for word, one in zip(reading.words, own, strict=False) if one}
    spoken |= {reading.words[hit.first].clause for hit in reading.cues if hit.group.need}
    return bool(spoken - foreign)


def _other_script(reading: Reading) -> bool:
    """More letters of other alphabets than of ours."""
    text = "".join(segment.original[:2_000] for segment in reading.segments)
    if text.isascii() or not _OTHER_LETTER.search(text):
        return False
    return len(_LETTER.findall(text)) > 2 * len(_LATIN.findall(text))


def _count(words: Sequence[str], known: frozenset[str]) -> int:
    return len([word for word in words if word in known])
