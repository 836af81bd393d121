"""The convention's annexes as a workbook: how to edit it, the RACI, the simplified table."""

from collections.abc import Iterator

from router.model.words import HOLDERS
from router.rulebook.book import Rulebook
from router.rulebook.raci import Raci, RaciRow, RowKind
from router.rulebook.raci_sheet import ARTICLES, BOOK, EXCEPT, GROUP, RULE, TITLE, WHY, grid
from router.rulebook.simplified import Simplified
from router.sheets.ods import ods
from router.sheets.workbook import Cell, Column, Sheet, SheetFormat, Workbook, cells
from router.sheets.xlsx import xlsx

RACI_SHEET, README_SHEET, SIMPLIFIED_SHEET = "RACI", "Lisez-moi", "Tableau simplifié"
MEDIA_TYPES = {
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    SheetFormat.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}
_NATIONAL = "règles nationales, sans décision locale"
_WIDTHS = {GROUP: 20, TITLE: 34, ARTICLES: 14, WHY: 50, EXCEPT: 36, RULE: 26, BOOK: 20}
_FACT_WIDTH, _PARTY_WIDTH, _OTHER_WIDTH, _DOMAIN_WIDTH, _KINDS_WIDTH = 24, 13, 12, 28, 38

# Each line is said to somebody who has never seen a rule file.
_README = (
    "Cette feuille de calcul est tirée des règles en vigueur ({title}) le {day:%d/%m/%Y}.",
    "Pour proposer un changement : modifiez la feuille « RACI », enregistrez-la (XLSX ou ODS), puis donnez-la à lire "
    "par « aiguillage rules import FICHIER ». Rien ne change tant que les deux institutions n'ont pas approuvé.",
    "",
    "Ce qui se modifie :",
    "• les lettres des colonnes {parties} : R agit (un seul par ligne, parmi ceux qui peuvent tenir un dossier), "
    "A répond (un seul), C est consulté, I est prévenu ; (I) : prévenu dans certains cas, dits aux lignes de la fin. "
    "Plusieurs lettres se séparent d'une espace : « R A ».",
    "• les conditions (colonnes entre « Incident » et « {first_party} ») : les valeurs permises, séparées par « ; », "
    "ou « tout sauf … », ou « – » quand peu importe. Les colonnes de faits que rien ne regarde sont masquées.",
    "• « Incident » (le titre), « Articles » (séparés par « ; »), « Pourquoi » (la phrase que lit la personne), "
    "« Depuis » et « Jusqu'au » (premier jour, et premier jour où la règle ne vaut plus).",
    "",
    "Ce qui ne se modifie pas : « Rubrique », « Délai », « Sauf », « Règle » et « Recueil » (masquée). Elles sont "
    "calculées, ou disent d'où vient la ligne.",
    "Une règle qui a plusieurs cas a plusieurs lignes, l'une ou l'autre suffit : elles disent la même chose hors des "
    "conditions. Les lignes peuvent être triées ; aucune ne se supprime ; ne fusionnez pas de cellules.",
    "Pour retirer un « I », allez à la ligne de l'obligation, dans « Qui est prévenu, en plus ».",
    "",
    "Recueil : {fingerprint}",
)


def annexes(book: Rulebook, table: Raci, simplified: Simplified, kind: SheetFormat, address: str) -> bytes:
    """The file. `address`: where the site's pages are, for the links; empty, no link."""
    title = book.conventions[table.convention].title if table.convention else _NATIONAL
    sheets = (_readme(book, table, title), _raci(book, table, address), _simplified(book, simplified))
    workbook = Workbook(f"RACI : {title}", table.day, sheets)
    match kind:
        case SheetFormat.XLSX:
            return xlsx(workbook)
        case SheetFormat.ODS:
            return ods(workbook)


def file_name(table: Raci, kind: SheetFormat) -> str:
    return f"raci-{table.convention or 'national'}-{table.day.isoformat()}.{kind}"


def _readme(book: Rulebook, table: Raci, title: str) -> Sheet:
    parties = [party.short for party in book.parties.values()]
    lines = [
        line.format(
            title=title,
            day=table.day,
            parties=", ".join(parties),
            first_party=parties[0],
            fingerprint=table.fingerprint,
        )
        for line in _README
    ]
    return Sheet(README_SHEET, (Column(110),), tuple(cells(line) for line in lines), (0, 0))


def _raci(book: Rulebook, table: Raci, address: str) -> Sheet:
    made = grid(book, table)
    rows = [cells(*made.headers)]
    for line in made.lines:
        link = _link(line.row, address)
        rows.append(tuple(Cell(line.texts[h], link if h == RULE else "") for h in made.headers))
    return Sheet(RACI_SHEET, tuple(_columns(book, table, made.headers)), rows, (1, 2))


def _columns(book: Rulebook, table: Raci, headers: tuple[str, ...]) -> Iterator[Column]:
    facts = {fact.label: name for name, fact in book.vocabulary.facts.items()}
    parties = {party.short for party in book.parties.values()}
    for header in headers:
        if header in facts:
            yield Column(_FACT_WIDTH, hidden=facts[header] not in table.facts)
        elif header in parties:
            yield Column(_PARTY_WIDTH)
        else:
            yield Column(_WIDTHS.get(header, _OTHER_WIDTH), hidden=header == BOOK)


def _link(row: RaciRow, address: str) -> str:
    if not address:
        return ""
    return f"{address}/regles/{row.id}" if row.kind is RowKind.RULE else f"{address}/articles/{row.articles[0]}"


def _simplified(book: Rulebook, page: Simplified) -> Sheet:
    rows = [cells("Domaine", "Articles", *(book.parties[party].name for party in HOLDERS))]
    for line in page.lines:
        kinds = ("\n".join(row.title for row in line.kinds[party]) for party in HOLDERS)
        rows.append(cells(line.title, " ; ".join(line.articles), *kinds))
    columns = (Column(_DOMAIN_WIDTH), Column(_OTHER_WIDTH), *(Column(_KINDS_WIDTH) for _ in HOLDERS))
    return Sheet(SIMPLIFIED_SHEET, columns, rows)
