"""The forms of the accounts pages: shape only, what is right or wrong is the use cases' to say."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from router.desk.account_draft import STAFF_DUTIES, TEAM_PARTIES, AccountDraft
from router.model.words import Institution, Party, Role
from web.forms import Form, ReadingForm
from web.words import DUTIES, INSTITUTIONS, PARTIES, ROLES

Word = TypeVar("Word", bound=StrEnum)

NONE = {"": "Sans objet"}
ALL_CONVENTIONS = {"": "Toutes les conventions"}


class AccountForm(Form):
    """One person. Fields that her role doesn't use are left aside."""

    name = StringField(
        "Prénom et nom", [InputRequired("Écrivez le prénom et le nom.")], render_kw={"autocomplete": "off"}
    )
    email = EmailField(
        "Adresse électronique professionnelle",
        [InputRequired("Écrivez l'adresse électronique.")],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    role = SelectField(
        "Rôle",
        [InputRequired("Choisissez un rôle.")],
        choices={"": "Choisir"} | {role.value: ROLES[role] for role in Role},
        default="",
    )
    uai = StringField(
        "Collège",
        [Optional()],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 200, "list": "colleges"},
    )
    duty = SelectField(
        "Fonction au collège", choices=NONE | {duty.value: DUTIES[duty] for duty in STAFF_DUTIES}, default=""
    )
    party = SelectField(
        "Équipe", choices=NONE | {party.value: PARTIES[party] for party in TEAM_PARTIES}, default=""
    )
    institution = SelectField(
        "Institution",
        choices=NONE
        | {each.value: INSTITUTIONS[each] for each in (Institution.DEPARTEMENT, Institution.ACADEMIE)},
        default="",
    )
    convention_id = SelectField("Convention", choices=ALL_CONVENTIONS, default="")
    security_contact = BooleanField(
        "Contact sécurité nommé par le Département : voit les alertes de son territoire"
    )
    coordinator = BooleanField("Coordonne la convention : arbitre les désaccords")

    deputy = BooleanField("RUPN suppléant : prévenu quand le RUPN du collège n'a pas répondu")

    def offer(self, conventions: Mapping[str, str], kept: str | None = None) -> "AccountForm":
        """Lists the conventions; the one the account is `kept` under stays, even when no book names it any more."""
        gone = {kept: kept} if kept and kept not in conventions else {}
        self.convention_id.choices = ALL_CONVENTIONS | dict(conventions) | gone
        return self

    def draft(self) -> AccountDraft:
        return AccountDraft(
            name=self.name.data or "",
            email=self.email.data or "",
            role=Role(self.role.data),
            duty=self.duty.data or "",
            party=_word(Party, self.party.data),
            institution=_word(Institution, self.institution.data),
            convention_id=self.convention_id.data or None,
            uai=self.uai.data or None,
            security_contact=bool(self.security_contact.data),
            coordinator=bool(self.coordinator.data),
            deputy=bool(self.deputy.data),
        )


class AccountSearchForm(ReadingForm):
    words = StringField("Nom, adresse ou UAI", render_kw={"type": "search", "autocomplete": "off"})
    role = SelectField(
        "Rôle", choices={"": "Tous les rôles"} | {role.value: ROLES[role] for role in Role}, default=""
    )
    state = SelectField("État", choices={"": "Tous", "active": "Actifs", "disabled": "Désactivés"}, default="")


def _word(kind: type[Word], value: str | None) -> Word | None:
    return kind(value) if value else None
