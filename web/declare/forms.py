"""The filing form: shape and lengths only; what is right or wrong is the use case's to say."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID, uuid4

from flask import request
from werkzeug.datastructures import FileStorage
from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Length

from router.desk.attachments import GivenFile
from router.desk.caller import Caller
from router.desk.doubts import Doubt
from router.desk.filing import Draft
from router.desk.privacy import PrivacyGuard
from router.desk.reading import EXAM
from router.model.told import ToldKind
from router.model.words import Category, ReporterRole
from web.forms import Form
from web.words import CATEGORIES, DUTIES

ANSWER_PREFIX = "f."
SECURITY_BUTTON = "security"
REFUSE, TAKE_BACK, REFUSED = "refuse", "take_back", "refused"
DOUBT_SHOWN = "doubt_shown"  # on every page of the form once its question about security was on one
TOLD_BY = "told_by."  # then a kind of facts: the words that told it
CHOICES_OF_SCOPE = {
    "person": "Une personne, un poste",
    "room": "Une salle, un service",
    "site": "Tout le collège",
    "several_sites": "Plusieurs collèges : c'est en panne partout",
}
CHOICES_OF_URGENCY = {
    "normal": "On peut travailler autrement en attendant",
    "blocking": "On ne peut plus travailler",
    "exam": "Un examen ou une certification est en jeu",
}
CHOICES_OF_DOUBT = {"true": "Oui", "false": "Non", "unknown": "Je ne sais pas"}
CHOICES_OF_CATEGORY = {"": "D'après mes mots"} | {category.value: CATEGORIES[category] for category in Category}
CALLERS = {"": "Choisir…"} | {role.value: DUTIES[role] for role in ReporterRole}


def _at_most(number: int, what: str) -> Length:
    return Length(max=number, message=f"{what} dépasse {number} caractères : raccourcissez.")


class FilingForm(Form):
    exam_left = False
    refused: frozenset[str] = frozenset()  # kinds of facts read in her words that she has refused so far
    refused_words: Mapping[str, list[str]] = MappingProxyType({})
    doubt_shown = False
    key = HiddenField()
    uai = HiddenField()
    caller_name = StringField("Son nom", [_at_most(200, "Le nom")], render_kw={"maxlength": 200})
    caller_role = SelectField("Sa fonction", choices=CALLERS, validate_choice=False)
    caller_phone = TelField("Son téléphone", [_at_most(40, "Le téléphone")], render_kw={"maxlength": 40})
    caller_email = StringField(
        "Son adresse électronique",
        [_at_most(320, "L'adresse")],
        render_kw={"type": "email", "inputmode": "email", "maxlength": 320},
    )
    subject = StringField("Qu'est-ce qui ne va pas ?", render_kw={"maxlength": 200, "autocomplete": "off"})
    body = TextAreaField("Racontez", render_kw={"rows": 5})
    room = StringField(
        "Salle ou lieu", [_at_most(80, "La salle")], render_kw={"maxlength": 80, "list": "rooms"}
    )
    asset_tag = StringField(
        "Numéro d'inventaire", [_at_most(80, "Le numéro")], render_kw={"maxlength": 80, "list": "assets"}
    )
    asset_pick = HiddenField(validators=[_at_most(80, "Le numéro")])
    product = StringField(
        "Application ou appareil",
        [_at_most(120, "Le nom")],
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )
    scope = RadioField("Qui est touché ?", choices=CHOICES_OF_SCOPE, validate_choice=False)
    scope_read = HiddenField()  # what the words said when the page was made: not an answer of hers
    exam_read = HiddenField()  # « exam » while it is ticked from the calendar: not an answer of hers
    urgency = RadioField("Est-ce urgent ?", choices=CHOICES_OF_URGENCY, validate_choice=False)
    phone = TelField("Téléphone où vous joindre", [_at_most(40, "Le téléphone")], render_kw={"maxlength": 40})
    files = MultipleFileField("Photo ou document")
    doubt = RadioField("Un doute sur la sécurité", choices=CHOICES_OF_DOUBT, validate_choice=False)
    category = RadioField("Type d'incident", choices=CHOICES_OF_CATEGORY, validate_choice=False)

    def settle(self) -> None:
        """What a press of a button adds to the fields, before they are read."""
        self.key.data = _key(self.key.data)
        self.doubt_shown = DOUBT_SHOWN in request.form
        self.refused = _refused()
        self.refused_words = {kind: request.form.getlist(TOLD_BY + kind) for kind in self.refused}
        if SECURITY_BUTTON in request.form:
            self.category.data = Category.SECURITY.value
        if not self.category.data or self.category.data == "None":
            self.category.data = ""
        if self.scope.data and self.scope.data == self.scope_read.data:
            self.scope.data = ""
        self.exam_left = bool(self.urgency.data) and self.urgency.data == self.exam_read.data == EXAM
        if self.exam_left:
            self.urgency.data = ""

    def suggest_scope(self, read: str) -> None:
        """Ticks who is touched according to the words, until she says it."""
        if self.scope.data in (None, "", "None"):
            self.scope.data = read
            self.scope_read.data = read
        else:
            self.scope_read.data = ""

    def suggest_exam(self, noted: bool) -> None:
        """Ticks that exams are at stake according to the calendar or her words, until she says how urgent it is."""
        proposed = noted and self.urgency.data in (None, "", "None")
        if proposed:
            self.urgency.data = EXAM
        self.exam_read.data = EXAM if proposed else ""

    def ask(self, doubt: Doubt | None) -> None:
        """The question of a doubt, with her answer to it, under whatever name she gave it."""
        if doubt is not None:
            self.doubt_shown = True
            self.doubt.label.text, self.doubt.data = doubt.question, doubt.answer

    def mask(self, guarded: PrivacyGuard) -> None:
        """Her words without what identifies somebody, as she asked."""
        self.subject.data, self.body.data = guarded.subject, guarded.body

    @property
    def more_is_filled(self) -> bool:
        """Whether something folded away holds a value or a fault: then it is unfolded."""
        filled = any(each.data for each in (self.room, self.asset_tag, self.product))
        faulty = (self.room, self.asset_tag, self.product, self.files, self.phone)
        return filled or any(each.errors for each in faulty)

    def draft(self, *, for_somebody: bool) -> Draft:
        return Draft(
            key=self.key.data or "",
            uai=self.uai.data or "",
            subject=self.subject.data or "",
            body=self.body.data or "",
            room=self.room.data or "",
            asset_tag=(self.asset_tag.data or self.asset_pick.data or "").strip(),
            product=self.product.data or "",
            phone=self.phone.data or "",
            caller=self._caller() if for_somebody else None,
            answers=self._answers(),
            doubt=_said(self.doubt.data),
            doubt_shown=self.doubt_shown,
            exam_left=self.exam_left,
            refused=self.refused,
            refused_words=self.refused_words,
            files=tuple(_given(each) for each in self.files.data or () if _chosen(each)),
        )

    def _caller(self) -> Caller:
        return Caller(
            role=self.caller_role.data or "",
            name=self.caller_name.data or "",
            email=self.caller_email.data or "",
            phone=self.caller_phone.data or "",
        )

    def _answers(self) -> dict[str, str]:
        """The answers to the questions, and the three facts that have a field of their own."""
        asked = {
            name.removeprefix(ANSWER_PREFIX): value
            for name, value in request.form.items()
            if name.startswith(ANSWER_PREFIX)
        }
        if SECURITY_BUTTON in request.form:
            asked.pop("need", None)  # whatever she had ticked before: she says now that something happened
        fields = {"category": self.category, "scope": self.scope, "urgency": self.urgency}
        return asked | {name: each.data for name, each in fields.items() if each.data}


def _said(answer: str | None) -> str:
    """The answer of a choice nobody has made is no word."""
    return "" if answer in (None, "None") else str(answer)


def _refused() -> frozenset[str]:
    """What she had refused, and what this press refuses or takes back; what is no kind of fact is nothing."""
    said = {*request.form.getlist(REFUSED), *request.form.getlist(REFUSE)} - {*request.form.getlist(TAKE_BACK)}
    return frozenset(kind.value for kind in ToldKind if kind.value in said)


def new_key() -> str:
    return str(uuid4())


def _key(given: str | None) -> str:
    """The form's own key, or a new one in place of something that isn't a key."""
    try:
        return str(UUID(given or ""))
    except ValueError:
        return new_key()


def _chosen(part: object) -> bool:
    return isinstance(part, FileStorage) and bool(part.filename)


def _given(part: FileStorage) -> GivenFile:
    return GivenFile(part.filename or "", part.read())
