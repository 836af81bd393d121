"""The catalogue's file to products: facts checked against the vocabulary, names unique once folded."""

from collections.abc import Mapping
from types import MappingProxyType

from router.model.incident import FactValue
from router.rulebook.catalogue import Product, folded
from router.rulebook.entries import Period
from router.rulebook.table import Table
from router.rulebook.vocabulary import FactError, Vocabulary, unknown_word


def read_catalogue(root: Table, vocabulary: Vocabulary) -> tuple[Product, ...]:
    """Every product of `[[product]]`; faults are noted at their places."""
    root.only("product")
    tables = list(root.tables("product"))
    products = [_product(table, vocabulary) for table in tables]
    _check_identifiers(tables, products)
    _check_names(tables, products)
    return tuple(products)


def _product(table: Table, vocabulary: Vocabulary) -> Product:
    table.only("id", "name", "synonyms", "misspellings", "facts", "since", "until", "replaced_by", "note")
    since, until = table.day("since"), table.day("until")
    if since and until and until <= since:
        table.fault("AIG014", "« until » (exclu) doit venir après « since ».", "until")
    return Product(
        id=table.text("id"),
        name=table.text("name"),
        synonyms=table.texts("synonyms", required=False),
        misspellings=table.texts("misspellings", required=False),
        facts=_facts(table.table("facts"), vocabulary),
        since=since,
        until=until,
        replaced_by=table.text("replaced_by", required=False) or None,
        note=table.text("note", required=False),
        place=table.place,
    )


def _facts(table: Table, vocabulary: Vocabulary) -> Mapping[str, FactValue]:
    facts: dict[str, FactValue] = {}
    for name, value in table.data.items():
        try:
            checked = vocabulary.checked(name, value)
        except FactError as error:
            if name in vocabulary.facts:
                table.fault("AIG007", error.message, name)
            else:
                table.fault_at_key("AIG006", error.message, name)
        else:
            facts[name] = checked if checked is not None else False
    return MappingProxyType(facts)


def _check_identifiers(tables: list[Table], products: list[Product]) -> None:
    known: dict[str, Product] = {}
    for table, product in zip(tables, products, strict=True):
        if product.id in known:
            line = known[product.id].place.line
            table.fault("AIG005", f"le produit « {product.id} » existe déjà, ligne {line}.", "id")
        known.setdefault(product.id, product)
    for table, product in zip(tables, products, strict=True):
        if product.replaced_by and product.replaced_by not in known:
            message = unknown_word(f"le produit « {product.replaced_by} »", product.replaced_by, known)
            table.fault("AIG016", message, "replaced_by")


def _check_names(tables: list[Table], products: list[Product]) -> None:
    """One name, one product, unless the two are never in use on the same day."""
    owners: dict[str, list[Product]] = {}
    for table, product in zip(tables, products, strict=True):
        period = Period(product.since, product.until)
        for key, index, name in _written(product):
            rivals = owners.setdefault(folded(name), [])
            for rival in rivals:
                if rival is not product and Period(rival.since, rival.until).overlaps(period):
                    message = f"« {name} » désigne déjà le produit « {rival.id} », ligne {rival.place.line}."
                    table.fault("AIG005", message, key, *index)
            rivals.append(product)


def _written(product: Product) -> list[tuple[str, tuple[int, ...], str]]:
    listed = (("synonyms", product.synonyms), ("misspellings", product.misspellings))
    more = [(key, (index,), name) for key, names in listed for index, name in enumerate(names)]
    return [("name", (), product.name), *more]
