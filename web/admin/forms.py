"""The forms of the accounts pages: shape only, what is right or wrong is the use cases' to say."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from router.desk.account_register import STAFF_DUTIES, TEAM_PARTIES, AccountDraft
from router.model.words import Institution, Party, Role
from web.words import DUTIES, INSTITUTIONS, PARTIES, ROLES

Word = TypeVar("Word", bound=StrEnum)

NONE = ("", "Sans objet")


class AccountForm(FlaskForm):  # type: ignore[misc]  # flask-wtf is not typed
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
        choices=[("", "Choisir"), *((r.value, ROLES[r]) for r in Role)],
    )
    uai = StringField("UAI du collège", [Optional()], render_kw={"autocomplete": "off", "spellcheck": "false"})
    duty = SelectField("Fonction au collège", choices=[NONE, *((d.value, DUTIES[d]) for d in STAFF_DUTIES)])
    party = SelectField("Équipe", choices=[NONE, *((p.value, PARTIES[p]) for p in TEAM_PARTIES)])
    institution = SelectField(
        "Institution",
        choices=[
            NONE,
            *((i.value, INSTITUTIONS[i]) for i in (Institution.DEPARTEMENT, Institution.ACADEMIE)),
        ],
    )
    convention_id = SelectField("Convention", choices=[("", "Toutes les conventions")])
    security_contact = BooleanField(
        "Contact sécurité nommé par le Département : voit les alertes de son territoire"
    )
    coordinator = BooleanField("Coordonne la convention : arbitre les désaccords")

    def offer(self, conventions: Mapping[str, str]) -> "AccountForm":
        """Lists the conventions; one the account already has stays, even when no book names it any more."""
        own = self.convention_id.data
        known = dict(conventions) | ({own: own} if own and own not in conventions else {})
        self.convention_id.choices = [("", "Toutes les conventions"), *known.items()]
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
        )


class AccountSearchForm(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False  # only reads

    words = StringField("Nom, adresse ou UAI", render_kw={"type": "search", "autocomplete": "off"})
    role = SelectField("Rôle", choices=[("", "Tous les rôles"), *((r.value, ROLES[r]) for r in Role)])
    state = SelectField(
        "État", choices=[("", "Tous"), ("active", "Actifs"), ("disabled", "Désactivés")], default=""
    )


def _word(kind: type[Word], value: str | None) -> Word | None:
    return kind(value) if value else None
