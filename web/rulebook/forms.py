"""The forms of the drafts: shape only, what is right or wrong is the use cases' to say."""

import re
from collections.abc import Mapping

from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from router.desk.completing import Answers
from router.desk.draft_terms import Terms
from router.model.words import GroundsKind
from web.forms import Form
from web.words import GROUNDS

_BETWEEN = re.compile(r"[\s,;]+")


class StartForm(Form):
    convention = SelectField("Convention", choices={}, default="", validate_choice=False)
    title = StringField("Titre du projet", render_kw={"maxlength": 200, "autocomplete": "off"})

    def offer(self, conventions: Mapping[str, str]) -> "StartForm":
        self.convention.choices = dict(conventions)
        return self


class VersionForm(Form):
    """The version that was on the page: a draft that changed since is not acted upon."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()], default=0)
    fingerprint = HiddenField()

    @property
    def seen(self) -> int:
        return int(self.version.data or 0)


class ReasonForm(VersionForm):
    reason = TextAreaField("Motif", render_kw={"rows": 2, "maxlength": 2_000})


class TermsForm(VersionForm):
    title = StringField("Titre", render_kw={"maxlength": 200, "autocomplete": "off"})
    kind = SelectField(
        "Ce qui le justifie",
        choices={"": "À choisir"} | {each.value: GROUNDS[each] for each in GroundsKind},
        default="",
    )
    reference = StringField("Référence du texte signé", render_kw={"maxlength": 500, "autocomplete": "off"})
    signed_on = DateField("Date de signature", [Optional()])
    articles = StringField("Articles touchés", render_kw={"autocomplete": "off"})
    in_force_from = DateField("Premier jour d'application", [Optional()])

    @classmethod
    def of(cls, terms: Terms, version: int) -> "TermsForm":
        return cls(
            formdata=None,
            version=version,
            title=terms.title,
            kind=terms.kind.value if terms.kind else "",
            reference=terms.reference,
            signed_on=terms.signed_on,
            articles=", ".join(terms.articles),
            in_force_from=terms.in_force_from,
        )

    @property
    def terms(self) -> Terms:
        return Terms(
            title=self.title.data or "",
            kind=GroundsKind(self.kind.data) if self.kind.data else None,
            reference=self.reference.data or "",
            signed_on=self.signed_on.data,
            articles=tuple(each for each in _BETWEEN.split(self.articles.data or "") if each),
            in_force_from=self.in_force_from.data,
        )


class CompleteForm(VersionForm):
    """What one entry of a draft waits for; the page shows only what it asks."""

    title = StringField("Le titre", render_kw={"maxlength": 500, "autocomplete": "off"})
    why = TextAreaField("La raison", render_kw={"rows": 3, "maxlength": 500})
    decision = TextAreaField("La décision", render_kw={"rows": 2, "maxlength": 500})
    decided_on = DateField("Le jour de la décision", [Optional()])
    signatory = StringField("Le signataire", render_kw={"maxlength": 500, "autocomplete": "off"})

    @classmethod
    def sent(cls, number: int) -> "CompleteForm":
        """Several are on one page: each has names of its own."""
        return cls(prefix=f"entree{number}-")

    @classmethod
    def of(cls, number: int, terms: Terms, version: int) -> "CompleteForm":
        return cls(
            formdata=None,
            prefix=f"entree{number}-",
            version=version,
            decision=terms.reference,
            decided_on=terms.signed_on,
        )

    @property
    def answers(self) -> Answers:
        return Answers(
            title=self.title.data or "",
            why=self.why.data or "",
            decision=self.decision.data or "",
            decided_on=self.decided_on.data,
            signatory=self.signatory.data or "",
        )


class FileForm(VersionForm):
    """One file: chosen on the computer, or its text here. A file chosen wins."""

    name = HiddenField()
    file = FileField("Fichier modifié, choisi sur l'ordinateur")
    text = TextAreaField(
        "Texte du fichier", render_kw={"rows": 28, "class": "mono", "spellcheck": "false", "wrap": "off"}
    )


class SheetForm(Form):
    convention = HiddenField()
    file = FileField("RACI modifié, en XLSX ou en ODS")


class SheetDraftForm(Form):
    """What the sheet proposed, to be made a draft of: its files travel beside, under their own names."""

    convention = HiddenField()
    base = HiddenField()
    title = StringField("Titre du projet", render_kw={"maxlength": 200, "autocomplete": "off"})
