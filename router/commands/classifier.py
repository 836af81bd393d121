"""`classifier`: learns from the accepted corrections, lists the versions, puts one in service."""

import json
from dataclasses import asdict

import click

from router.commands.french import FrenchGroup
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.commands.workshop import SklearnWorkshop, shipped_material
from router.desk import learning
from router.desk.learning import Trained, Trial, Verdict, VersionLine
from router.model.corrections import VersionState
from router.model.words import Category

NAMES = {
    Category.HARDWARE: "matériel",
    Category.NETWORK: "réseau",
    Category.METIER_SOFTWARE: "logiciel métier",
    Category.PEDAGOGICAL_RESOURCE: "ressource pédagogique",
    Category.SECURITY: "sécurité",
}
STATES = {
    VersionState.CURRENT: "en service",
    VersionState.KEPT: "gardée",
    VersionState.REFUSED: "refusée",
}
MOST_NAMED = 20
VERDICTS = {
    Verdict.NOTHING: "Aucune correction acceptée : il n'y a rien à apprendre de plus que le modèle livré.",
    Verdict.KNOWN: "Ces corrections sont déjà apprises, par la version {} (« aiguillage classifier use {} »).",
    Verdict.REFUSED: "Refusé : la version {} perdrait des textes que le modèle en service reconnaît. Rien n'a changé.",
    Verdict.ACCEPTED: "La version {} est en service ; tous les processus la suivent sans redémarrer.",
}
WOULD_BE_ACCEPTED = (
    "La version {} serait mise en service : aucune catégorie n'y perd. Essai seulement, rien n'a changé."
)


@click.group(
    cls=FrenchGroup, help="Apprend des corrections acceptées ; garde et choisit les versions du classement."
)
@config_option
def classifier() -> None:
    """The family itself does nothing."""


@classifier.command(
    help="Apprend des corrections acceptées, et remplace le modèle en service si aucune catégorie n'y perd."
)
@click.option("--dry-run", is_flag=True, help="Compare seulement : n'enregistre rien, ne change rien.")
@config_option
@click.pass_obj
def train(invocation: Invocation, *, dry_run: bool) -> int:
    """The code is 1 when the candidate is refused."""
    desk = invocation.desk()
    workshop, material = SklearnWorkshop(), shipped_material()
    click.echo("Lecture des corrections acceptées, puis apprentissage : quelques minutes…", err=True)
    found = learning.train(desk, workshop, material, invocation.now(), dry_run=dry_run)
    for line in told(found, dry_run=dry_run):
        click.echo(line)
    return FAULT if found.verdict is Verdict.REFUSED else OK


@classifier.command("versions", help="Donne les versions apprises ici, et celle qui est en service.")
@click.option("--json", "as_json", is_flag=True, help="Écrit le résultat pour un programme.")
@config_option
@click.pass_obj
def list_versions(invocation: Invocation, *, as_json: bool) -> int:
    """The code is 1 when the version in service can't be read."""
    desk = invocation.desk()
    found = learning.known_versions(desk)
    if as_json:
        lines = [{**asdict(line), "trained_at": line.trained_at.isoformat()} for line in found.lines]
        click.echo(json.dumps({**asdict(found), "lines": lines}, ensure_ascii=False, indent=2))
        return FAULT if found.fallen else OK
    speaks = " (en service)" if found.speaking == found.shipped else ""
    click.echo(f"{found.shipped}  livrée avec le logiciel{speaks}")
    for line in found.lines:
        click.echo(_version(line, f"{line.trained_at.astimezone(desk.settings.zone):%d/%m/%Y %H:%M}"))
    if found.fallen:
        click.echo(learning.UNREADABLE.format(found.fallen) + " Le modèle livré répond à sa place.", err=True)
    return FAULT if found.fallen else OK


@classifier.command(help="Met en service une version gardée, ou « livré » pour revenir au modèle du logiciel.")
@click.argument("version", metavar="VERSION")
@config_option
@click.pass_obj
def use(invocation: Invocation, version: str) -> int:
    """Refused for an unknown version, and for one that can't speak."""
    name = learning.use(invocation.desk(), version, invocation.now())
    click.echo(f"La version {name} est en service ; tous les processus la suivent sans redémarrer.")
    return OK


def told(found: Trained, *, dry_run: bool = False) -> list[str]:
    """What a training says: what was learnt, both models side by side, what is lost, the verdict."""
    lines = [f"{found.texts} textes de base, {found.corrections} corrections acceptées."]
    if found.frozen and found.recent:
        lines += _side_by_side("Textes d'épreuve, que personne n'apprend", found.frozen)
        lines += _side_by_side("Dossiers clos des trois derniers mois", found.recent)
        lines += _lost(found.frozen, found)
        lines += _lost(found.recent, found)
    accepted = found.verdict is Verdict.ACCEPTED
    sentence = WOULD_BE_ACCEPTED if dry_run and accepted else VERDICTS[found.verdict]
    return [*lines, sentence.replace("{}", found.version)]


def _side_by_side(title: str, trial: Trial) -> list[str]:
    lines = ["", f"{title} ({trial.current.texts})", f"{'':<32}{'en service':>16}{'candidat':>16}"]
    for category in Category:
        before, after = trial.current.recalls[category], trial.candidate.recalls[category]
        shares = [f"{each.right}/{each.texts} {_percent(each.value)}" for each in (before, after)]
        lines.append(f"{'rappel, ' + NAMES[category]:<32}{shares[0]:>16}{shares[1]:>16}")
    for name, values in (
        ("précision, sécurité", (trial.current.security_precision, trial.candidate.security_precision)),
        ("macro-F1", (trial.current.macro_f1, trial.candidate.macro_f1)),
    ):
        lines.append(f"{name:<32}{_percent(values[0]):>16}{_percent(values[1]):>16}")
    return lines


def _lost(trial: Trial, found: Trained) -> list[str]:
    lines = []
    for loss in trial.losses:
        named = [each for each in loss.texts if each not in found.alerts]
        hidden = len(loss.texts) - len(named)
        more = [f"et {len(named) - MOST_NAMED} autres"] if len(named) > MOST_NAMED else []
        more += [f"{hidden} alerte{'s' if hidden > 1 else ''}, sans leur numéro"] if hidden else []
        words = ", ".join([*named[:MOST_NAMED], *more])
        lines += ["", f"Perdu en {NAMES[loss.category]} ({loss.before.right} → {loss.after.right}) : {words}"]
    return [*lines, ""] if lines else []


def _version(line: VersionLine, trained: str) -> str:
    figures = f"macro-F1 {_percent(line.macro_f1)}, rappel sécurité {_percent(line.security)}"
    since = " ; le logiciel livre un autre modèle depuis" if line.shipped_since else ""
    learnt = f"apprise le {trained} de {line.corrections} corrections"
    return f"{line.version}  {STATES[line.state]}, {learnt} ; {figures}{since}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.1f} %".replace(".", ",")
