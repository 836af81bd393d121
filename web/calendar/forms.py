"""The forms of the calendar: shape only, what may be decided is the use cases' to say."""

import re
from collections.abc import Sequence
from typing import Self

from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from router.desk.calendar_days import NO_REASON, DaysAsked, clock_named
from router.desk.calendar_page import CollegeChoice
from router.desk.suspensions import SuspensionAsked
from router.model.words import HOLDERS, DayCause, Party, Reach
from web.forms import Form
from web.words import DAY_CAUSES, label

_HOUR = re.compile(r"(\d{1,2})\s*[hH:]\s*(\d{2})?")
_REASON = {"rows": 2, "maxlength": 500}
NO_FIRST, NO_LAST = "Choisissez le premier jour.", "Choisissez le dernier jour."
CLOCKS = {
    "": "Les deux",
    "pedagogique": "Pédagogique (jours de classe)",
    "administratif": "Administrative (bureaux)",
}


class DaysForm(Form):
    """One day, or several in a row."""

    reach = SelectField("Pour qui", choices={}, default="")
    uai = SelectField("Collège", choices={}, default="", validate_choice=False)
    cause = SelectField("Ce qui se passe", choices={each.value: DAY_CAUSES[each] for each in DayCause})
    first = DateField("Premier jour", [DataRequired(NO_FIRST)])
    last = DateField("Dernier jour", [Optional()])
    hours = StringField("Heures ouvertes", render_kw={"maxlength": 100, "autocomplete": "off"})
    clock = SelectField("Horloge", choices=CLOCKS, default="")
    reason = TextAreaField("Motif", [DataRequired(NO_REASON)], render_kw=_REASON)

    def offer(self, reaches: dict[str, str], colleges: Sequence[CollegeChoice]) -> Self:
        """`colleges` are none for who decides for her own."""
        self.reach.choices = reaches
        self.uai.choices = {"": "Choisissez un collège"} | named(colleges) if colleges else {}
        return self

    def validate_uai(self, field: SelectField) -> None:
        if self.uai.choices and self.reach.data == Reach.COLLEGE and not field.data:
            raise ValidationError("Choisissez le collège.")

    def asked(self, convention: str, own_uai: str | None) -> DaysAsked:
        """What the person decides; without a last day, the first is the only one."""
        reach = Reach(self.reach.data)
        key = {Reach.ACADEMIE: "", Reach.CONVENTION: convention}.get(reach)
        return DaysAsked(
            reach=reach,
            key=(own_uai or self.uai.data or "") if key is None else key,
            clock=clock_named(self.clock.data or ""),
            first=self.first.data,
            last=self.last.data or self.first.data,
            hours=hours_in(self.hours.data or ""),
            cause=DayCause(self.cause.data),
            reason=self.reason.data or "",
        )


class ReasonForm(Form):
    """One of several on a page: `about` gives each its own ids."""

    key = ""
    reason = TextAreaField("Motif", render_kw=_REASON)

    def about(self, key: str) -> Self:
        self.key = key
        for field in self:
            field.id = field.label.field_id = f"{field.short_name}-{key}"
        return self


class EndForm(ReasonForm):
    last = DateField("Dernier jour", [DataRequired(NO_LAST)])


class SuspensionForm(Form):
    first = DateField("Premier jour", [DataRequired(NO_FIRST)])
    last = DateField("Dernier jour", [DataRequired(NO_LAST)])
    uais = SelectMultipleField(
        "Collèges concernés",
        choices={},
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    parties = SelectMultipleField(
        "Équipes concernées",
        choices={each.value: label(each) for each in HOLDERS},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField("Motif", [DataRequired(NO_REASON)], render_kw=_REASON)

    def offer(self, colleges: Sequence[CollegeChoice]) -> Self:
        self.uais.choices = named(colleges)
        return self

    def asked(self, convention: str) -> SuspensionAsked:
        return SuspensionAsked(
            convention=convention,
            uais=tuple(self.uais.data or ()),
            parties=tuple(map(Party, self.parties.data or ())),
            first=self.first.data,
            last=self.last.data,
            reason=self.reason.data or "",
        )


def named(colleges: Sequence[CollegeChoice]) -> dict[str, str]:
    """Collèges as one chooses them, by UAI."""
    return {each.uai: f"{each.name}, {each.town}" if each.town else each.name for each in colleges}


def hours_in(text: str) -> tuple[str, ...]:
    """« 8h-12h, 13 h 30 - 17 h 30 » as files write it; what can't be read is left for the use case to refuse."""
    found = []
    for each in re.split(r"[,;]| et ", text):
        times = _HOUR.findall(each)
        if len(times) == 2:
            found.append("-".join(f"{int(hour):02}:{int(minute or 0):02}" for hour, minute in times))
        elif each.strip():
            found.append(each.strip())
    return tuple(found)
