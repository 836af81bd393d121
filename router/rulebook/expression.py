"""The condition of a rule: text to cubes. Tokens are filtered before rule-engine sees the text, because its
constant folding evaluates while parsing; then its tree is walked by exact class, and nothing but facts passes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import rule_engine
import rule_engine.ast as tree

from router.model.incident import UNKNOWN
from router.rulebook.cubes import Cubes, absorbed, conjunction
from router.rulebook.vocabulary import FactKind, Vocabulary, unknown_word

MAXIMUM_LENGTH = 2_000
MAXIMUM_TOKENS = 200
MAXIMUM_CUBES = 64

_TOKEN = re.compile(
    r"\s*(?:(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>\"[^\"\\\n]*\"|'[^'\\\n]*')|(?P<mark>==|!=|[()\[\],]))"
)
_KEYWORDS = frozenset({"and", "or", "not", "in"})
_MENDS = {
    "=": "écrivez == pour comparer",
    "&": "écrivez and",
    "|": "écrivez or",
    "!": "écrivez not, ou != entre un fait et une valeur",
    "«": "écrivez les valeurs entre apostrophes : 'valeur'",
    "’": "écrivez les valeurs entre apostrophes droites : 'valeur'",
    "'": "une apostrophe n'est pas refermée",
    '"': "un guillemet n'est pas refermé",
}
_ALLOWED = "une condition ne contient que des faits, ==, !=, in, not in, and, or, not et des parenthèses"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read: its text, the region it covers, the facts it names, and the facts for which a
    negation lets `unknown` in without naming it."""

    text: str
    cubes: Cubes
    facts: tuple[str, ...]
    open_negations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a condition, at an offset of its text."""

    offset: int
    code: str
    message: str


class ExpressionRefused(ValueError):
    """A condition that can't be read; holds every problem found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


def read_condition(text: str, vocabulary: Vocabulary) -> Condition:
    """Read a condition of the rules' language. Raises ExpressionRefused with every problem and its offset."""
    tokens = _tokens(text)
    problems = tuple(_misuses(tokens, vocabulary))
    if problems:
        raise ExpressionRefused(problems)
    expression = _parsed(text, tokens, vocabulary)
    walk = _Walk(vocabulary)
    cubes = walk.cubes(expression, False)
    facts = dict.fromkeys(
        token.text for token in tokens if token.kind == "word" and token.text in vocabulary.facts
    )
    return Condition(text, cubes, tuple(facts), tuple(dict.fromkeys(walk.open_negations)))


def parse_rule(text: str, vocabulary: Vocabulary) -> Any:
    """The same text as a rule-engine rule over the vocabulary's facts. Only for text `read_condition` accepted."""
    types = {
        name: rule_engine.DataType.BOOLEAN if fact.kind is FactKind.BOOL else rule_engine.DataType.STRING
        for name, fact in vocabulary.facts.items()
    }
    context = rule_engine.Context(type_resolver=rule_engine.type_resolver_from_dict(types))
    return rule_engine.Rule(text, context=context)


def _refused(offset: int, code: str, message: str) -> ExpressionRefused:
    return ExpressionRefused((Problem(offset, code, message),))


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAXIMUM_LENGTH:
        raise _refused(0, "AIG012", f"condition trop longue : {MAXIMUM_LENGTH} signes au plus.")
    if not text.strip():
        raise _refused(0, "AIG019", "condition vide : une règle dit toujours quand elle s'applique.")
    tokens: list[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise _forbidden(text, at)
        kind = found.lastgroup or ""
        tokens.append(_Token(kind, found[kind], found.start(kind)))
        at = found.end()
    if len(tokens) > MAXIMUM_TOKENS:
        raise _refused(
            tokens[MAXIMUM_TOKENS].offset, "AIG012", f"condition trop longue : {MAXIMUM_TOKENS} mots au plus."
        )
    return tokens


def _forbidden(text: str, at: int) -> ExpressionRefused:
    at += len(text[at:]) - len(text[at:].lstrip())
    sign = text[at]
    mend = _MENDS.get(sign, _ALLOWED)
    return _refused(at, "AIG010", f"« {sign} » n'est pas permis ici : {mend}.")


def _misuses(tokens: list[_Token], vocabulary: Vocabulary) -> Iterator[Problem]:
    """Faults visible in the sequence of tokens, where positions are exact: unknown facts, unknown values, a value
    before its fact, a fact used against its kind."""
    fact = ""
    for index, token in enumerate(tokens):
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if token.kind == "text":
            yield from _value_misuse(token, fact, vocabulary)
        elif token.kind == "word" and token.text not in _KEYWORDS:
            fact = token.text
            yield from _fact_misuse(token, following, tokens[index + 2 : index + 3], vocabulary)
        elif token.text in ("and", "or"):
            fact = ""


def _value_misuse(token: _Token, fact: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    value = token.text[1:-1]
    if not fact:
        yield Problem(
            token.offset, "AIG013", f"un fait est attendu avant la valeur « {value} » : fait == 'valeur'."
        )
    elif fact in vocabulary.facts and value not in vocabulary.facts[fact].values:
        known = [str(known) for known in vocabulary.facts[fact].values]
        yield Problem(
            token.offset + 1, "AIG007", unknown_word(f"la valeur « {value} » pour {fact}", value, known)
        )


def _fact_misuse(
    token: _Token, following: str, after: list[_Token], vocabulary: Vocabulary
) -> Iterator[Problem]:
    name = token.text
    definition = vocabulary.facts.get(name)
    compared = following in ("==", "!=", "in") or (following == "not" and [t.text for t in after] == ["in"])
    if name in ("true", "false"):
        yield Problem(
            token.offset,
            "AIG013",
            "un fait booléen s'écrit seul : « fait » ou « not fait », sans true ni false.",
        )
    elif definition is None:
        yield Problem(token.offset, "AIG006", unknown_word(f"le fait « {name} »", name, vocabulary.facts))
    elif definition.kind is FactKind.BOOL and compared:
        yield Problem(
            token.offset, "AIG013", f"{name} est vrai ou faux : écrivez « {name} » ou « not {name} »."
        )
    elif definition.kind is FactKind.ENUM and not compared:
        yield Problem(
            token.offset,
            "AIG013",
            f"{name} a plusieurs valeurs : écrivez {name} == 'valeur' ou {name} in ['…'].",
        )


def _parsed(text: str, tokens: list[_Token], vocabulary: Vocabulary) -> Any:
    try:
        return parse_rule(text, vocabulary).statement.expression
    except rule_engine.errors.RuleSyntaxError as error:
        offset = error.token.lexpos if error.token is not None else len(text.rstrip())
        where = "à la fin" if error.token is None else f"devant « {error.token.value} »"
        raise _refused(
            offset,
            "AIG011",
            f"la condition ne se lit pas {where} : vérifiez les parenthèses et les mots and, or.",
        ) from error
    except (rule_engine.errors.EngineError, RecursionError) as error:
        raise _refused(tokens[0].offset, "AIG010", f"construction refusée : {_ALLOWED}.") from error


class _Walk:
    """From rule-engine's tree to cubes. Compares classes exactly: its fuzzy comparisons subclass the plain one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.open_negations: list[str] = []

    def cubes(self, node: Any, negated: bool) -> Cubes:
        kind = type(node)
        if kind is tree.LogicExpression and node.type in ("and", "or"):
            return self._joined(node, negated)
        if kind is tree.UnaryExpression and node.type == "not":
            return self.cubes(node.right, not negated)
        if kind is tree.SymbolExpression:
            return self._boolean(node, negated)
        if kind is tree.ComparisonExpression and node.type in ("eq", "ne"):
            return self._among(node.left, [node.right], negated ^ (node.type == "ne"))
        if kind is tree.ContainsExpression and type(node.container) is tree.ArrayExpression:
            return self._among(node.member, list(node.container.value), negated)
        raise _refused(0, "AIG010", f"construction refusée : {_ALLOWED}.")

    def _joined(self, node: Any, negated: bool) -> Cubes:
        left, right = self.cubes(node.left, negated), self.cubes(node.right, negated)
        joined = conjunction(left, right) if (node.type == "and") != negated else absorbed(left + right)
        if len(joined) > MAXIMUM_CUBES:
            raise _refused(
                0,
                "AIG022",
                f"condition trop ramifiée (plus de {MAXIMUM_CUBES} cas) : faites-en plusieurs règles.",
            )
        return joined

    def _boolean(self, node: Any, negated: bool) -> Cubes:
        name = self._fact_name(node)
        if self._vocabulary.facts[name].kind is not FactKind.BOOL:
            raise _refused(0, "AIG013", f"{name} a plusieurs valeurs : écrivez {name} == 'valeur'.")
        return self._cube(name, 1 if negated else 2)

    def _among(self, symbol: Any, literals: list[Any], negated: bool) -> Cubes:
        name = self._fact_name(symbol)
        mask = 0
        for literal in literals:
            bit = self._bits(name).get(literal.value) if type(literal) is tree.StringExpression else None
            if bit is None:
                raise _refused(0, "AIG010", f"une valeur de {name} est attendue : {_ALLOWED}.")
            mask |= bit
        if mask == 0:
            raise _refused(0, "AIG013", f"la liste de valeurs de {name} est vide.")
        return self._cube(name, self._complement(name, mask) if negated else mask)

    def _complement(self, name: str, mask: int) -> int:
        if UNKNOWN in self._bits(name) and not mask & self._bits(name)[UNKNOWN]:
            self.open_negations.append(name)
        domain = self._vocabulary.domain
        return domain.full[domain.position[name]] & ~mask

    def _fact_name(self, node: Any) -> str:
        if type(node) is not tree.SymbolExpression or node.scope or node.name not in self._vocabulary.facts:
            raise _refused(0, "AIG010", f"un fait est attendu à gauche : {_ALLOWED}.")
        return str(node.name)

    def _bits(self, name: str) -> Mapping[object, int]:
        return self._vocabulary.domain.bits[name]  # type: ignore[return-value]

    def _cube(self, name: str, mask: int) -> Cubes:
        return (self._vocabulary.domain.cube({name: mask}),) if mask else ()
