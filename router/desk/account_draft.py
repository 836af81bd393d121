"""What an administrator says of a person, and what her role implies of the rest. Pure."""

from dataclasses import dataclass, replace

from email_validator import EmailNotValidError, validate_email

from router.model.actor import Invalid
from router.model.words import Institution, Party, ReporterRole, Role

COLLEGE_ROLES = (Role.RUPN, Role.PRINCIPAL, Role.STAFF)
TEAM_ROLES = (Role.TECHNICIAN, Role.LEAD)
TEAM_PARTIES = (Party.DEPARTEMENT_MAINTENANCE, Party.ACADEMIE_DSI)
STAFF_DUTIES = (
    ReporterRole.ENSEIGNANT,
    ReporterRole.GESTIONNAIRE,
    ReporterRole.VIE_SCOLAIRE,
    ReporterRole.AESH,
    ReporterRole.SANTE_SOCIAL,
)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """What an administrator says of a person. What her role implies, `of_college` and `of_institution` settle."""

    name: str
    email: str
    role: Role
    duty: str = ""
    party: Party | None = None
    institution: Institution | None = None
    convention_id: str | None = None
    uai: str | None = None
    security_contact: bool = False
    coordinator: bool = False
    deputy: bool = False


def of_college(draft: AccountDraft, uai: str, convention_id: str | None) -> AccountDraft:
    """Of a person of a collège. Raises Invalid on `duty`."""
    duties = {Role.RUPN: ReporterRole.RUPN, Role.PRINCIPAL: ReporterRole.PRINCIPAL}
    duty = duties.get(draft.role) or next((each for each in STAFF_DUTIES if each == draft.duty), None)
    if duty is None:
        raise Invalid("Choisissez la fonction de cette personne au collège.", "duty")
    parties = {Role.RUPN: Party.RUPN, Role.PRINCIPAL: Party.PRINCIPAL}
    return replace(
        draft,
        duty=duty.value,
        party=parties.get(draft.role),
        institution=Institution.COLLEGE,
        convention_id=convention_id,
        uai=uai,
        security_contact=False,
        coordinator=False,
        deputy=draft.deputy and draft.role is Role.RUPN,
    )


def of_institution(draft: AccountDraft) -> AccountDraft:
    """Of a person of the Département or the académie. Raises Invalid on `party` or `institution`."""
    party, institution = draft.party, draft.institution
    match draft.role:
        case Role.TECHNICIAN | Role.LEAD:
            if party not in TEAM_PARTIES:
                raise Invalid("Choisissez l'équipe de cette personne.", "party")
            of_departement = party is Party.DEPARTEMENT_MAINTENANCE
            institution = Institution.DEPARTEMENT if of_departement else Institution.ACADEMIE
        case Role.RSSI:
            party, institution = Party.RSSI, Institution.ACADEMIE
        case Role.DPO:
            party = Party.DPO
        case Role.MANAGER | Role.ADMINISTRATOR | Role.RUPN | Role.PRINCIPAL | Role.STAFF:
            party = None
    if institution is Institution.COLLEGE:
        raise Invalid("Choisissez le Département ou l'académie.", "institution")
    return replace(
        draft,
        party=party,
        institution=institution,
        uai=None,
        duty=_duty(draft.role, institution).value,
        security_contact=draft.security_contact and party is Party.DEPARTEMENT_MAINTENANCE,
        deputy=False,
    )


def _duty(role: Role, institution: Institution | None) -> ReporterRole:
    """How the rules see her when she files herself."""
    if role in TEAM_ROLES or institution is not Institution.DEPARTEMENT:
        return ReporterRole.TECHNICIEN
    return ReporterRole.AGENT_DEPARTEMENT


def a_name(given: str) -> str:
    """Raises Invalid when there is none, or it is too long."""
    name = " ".join(given.split())
    if not name:
        raise Invalid("Écrivez le prénom et le nom.", "name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"Ce nom est trop long : {LONGEST_NAME} caractères au plus.", "name")
    return name


def an_address(given: str) -> str:
    """In lower case, as accounts keep it. Raises Invalid."""
    try:
        return validate_email(given.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        message = "Cette adresse électronique n'est pas valable : elle s'écrit comme prenom.nom@exemple.fr."
        raise Invalid(message, "email") from error
