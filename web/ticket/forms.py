"""The form of each gesture: shape only. What is right or wrong is the use case's to say."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, tzinfo

from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from router.desk.attachments import GivenFile
from router.desk.choices import Choice, FactQuestion, References
from router.model.words import PauseCause
from web.forms import Form

ROWS = {"rows": 4}
RESUMES_AT = time(8, 0)  # a wait « until Tuesday » ends when Tuesday's work begins
CHOOSE = {"": "Choisissez…"}
LONGEST_NUMBER = 10  # digits of a row's number


class GestureForm(Form):
    """What every gesture may carry: the page to come back to."""

    back = HiddenField()

    def typed(self) -> list[tuple[str, str]]:
        """What a person wrote, by field: shown again when the gesture is no longer possible."""
        return [(each.label.text, each.data) for each in self if isinstance(each, TextAreaField) and each.data]


class TakeForm(GestureForm):
    seen = HiddenField()

    @property
    def seen_with(self) -> int | None:
        """Whom the page that was sent showed in charge; a row of the queue showed nobody."""
        given = self.seen.raw_data[0] if self.seen.raw_data else ""
        return int(given) if given.isascii() and given.isdecimal() and len(given) <= LONGEST_NUMBER else None


class PressForm(GestureForm):
    """A gesture that is one press."""


class AssignForm(GestureForm):
    colleague = SelectField("Collègue", default="")

    def offer(self, people: Iterable[Choice]) -> None:
        self.colleague.choices = CHOOSE | _labels(people)


class FilesForm(GestureForm):
    files = MultipleFileField("Fichiers")

    def given(self) -> tuple[GivenFile, ...]:
        parts = self.files.data or ()
        return tuple(
            GivenFile(part.filename or "", part.read())
            for part in parts
            if isinstance(part, FileStorage) and part.filename
        )


class CommentForm(FilesForm):
    text = TextAreaField("Votre message", render_kw=ROWS)


class NoteForm(GestureForm):
    text = TextAreaField("Note interne", render_kw=ROWS)


class AskForm(GestureForm):
    text = TextAreaField("Votre question au collège", render_kw=ROWS)


class AnswerForm(FilesForm):
    text = TextAreaField("Votre réponse", render_kw=ROWS)


class PauseForm(GestureForm):
    cause = RadioField(
        "Ce que vous attendez",
        choices={PauseCause.PART.value: "Une pièce", PauseCause.SUPPLIER.value: "Un fournisseur"},
        default=PauseCause.PART.value,
    )
    text = TextAreaField("En une phrase, pour le collège", render_kw={"rows": 2})
    limit_at = DateField(
        "Reprise prévue le",
        [Optional()],
        description="Soixante jours au plus. Sans date, l'attente finit d'elle-même au bout de son délai.",
    )

    def limit(self, zone: tzinfo) -> datetime | None:
        given: date | None = self.limit_at.data
        return datetime.combine(given, RESUMES_AT, zone) if given else None


class ReasonForm(GestureForm):
    reason = TextAreaField("Pourquoi", render_kw={"rows": 2})


class RaiseForm(GestureForm):
    reason = TextAreaField("Ce que vous avez vu", render_kw={"rows": 2})


class TransferForm(ReasonForm):
    """In two steps: the party first, at an address of its own, then what sends there."""

    to = HiddenField()
    # What isn't in the list is refused by the use case, which says why.
    reference = SelectField("Règle ou article qui le dit", default="", validate_choice=False)

    def offer(self, to: str, found: References) -> None:
        self.to.data = to
        groups = {
            "Les plus proches de ce dossier": _labels(found.likely),
            "Autres règles": _labels(found.rules),
            "Articles": _labels(found.articles),
        }
        self.reference.choices = CHOOSE | {name: listed for name, listed in groups.items() if listed}


class LinkForm(GestureForm):
    original = IntegerField("Numéro de l'autre dossier", [Optional()], render_kw={"inputmode": "numeric"})


class FirstLevelForm(GestureForm):
    text = TextAreaField("Ce que vous avez vérifié", render_kw={"rows": 3})


class ResolveForm(GestureForm):
    text = TextAreaField("Ce qui a été fait", render_kw={"rows": 3})


class ReopenForm(GestureForm):
    text = TextAreaField("Ce qui ne va toujours pas", render_kw={"rows": 3})


class LogForm(GestureForm):
    text = TextAreaField("Ce qui a été fait, par qui", render_kw={"rows": 3})
    private = BooleanField("Note lue du seul RSSI")


class AdmitForm(GestureForm):
    email = EmailField("Adresse électronique du compte", render_kw={"autocomplete": "off"})


class ExcludeForm(GestureForm):
    motive = TextAreaField("Motif", render_kw={"rows": 2})


class FactsForm(GestureForm):
    """A form with one list per fact; made by `with_facts`, since the vocabulary says which."""

    def facts(self, questions: Iterable[FactQuestion]) -> dict[str, str]:
        """What was chosen, fact by fact; a fact that wasn't sent is left out."""
        chosen = ((question.name, self[question.name].data) for question in questions)
        return {name: value for name, value in chosen if value}


class CorrectForm(FactsForm):
    product = StringField("Produit", render_kw={"list": "products", "autocomplete": "off"})
    reason = TextAreaField("Pourquoi vous corrigez", render_kw={"rows": 2})

    @property
    def first(self) -> Field:
        """What is corrected most."""
        return self["category"]

    @property
    def others(self) -> list[Field]:
        """The other facts, and the product: folded until one of them has something to say."""
        return [each for each in self if isinstance(each, SelectField) and each.short_name != "category"] + [
            self.product
        ]

    @property
    def unfolded(self) -> bool:
        return any(each.errors or (each.data or "") != (each.object_data or "") for each in self.others)


class ContainForm(FactsForm):
    text = TextAreaField("La mesure demandée, sans détail de l'alerte", render_kw={"rows": 3})


def with_facts(base: type[FactsForm], questions: Sequence[FactQuestion]) -> type[FactsForm]:
    """The form class with a list for each fact, the present value chosen."""
    fields: dict[str, Field] = {question.name: _of_fact(question) for question in questions}
    return type(f"{base.__name__}WithFacts", (base,), dict(fields))


def _of_fact(question: FactQuestion) -> Field:
    return SelectField(question.label, [Optional()], choices=_labels(question.values), default=question.current)


def _labels(choices: Iterable[Choice]) -> dict[str, str]:
    return {choice.value: choice.label for choice in choices}
