"""The forms of the calendar: shape only, what may be decided is the use cases' to say."""

import re
from typing import Self

from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from router.desk.calendar_days import DaysAsked, clock_named
from router.desk.suspensions import SuspensionAsked
from router.model.words import HOLDERS, DayCause, Party, Reach
from web.forms import Form
from web.words import DAY_CAUSES, label

_BETWEEN = re.compile(r"[\s,;]+")
_HOUR = re.compile(r"(\d{1,2})\s*[hH:]\s*(\d{2})?")
_REASON = {"rows": 2, "maxlength": 500}
NO_DAY = "Choisissez un jour, comme 2026-11-30."
CLOCKS = {
    "": "Les deux",
    "pedagogique": "Pédagogique (jours de classe)",
    "administratif": "Administrative (bureaux)",
}


class DaysForm(Form):
    """One day, or several in a row."""

    reach = SelectField("Pour qui", choices={}, default="")
    uai = StringField("Numéro UAI du collège", render_kw={"maxlength": 8, "autocomplete": "off"})
    cause = SelectField("Ce qui se passe", choices={each.value: DAY_CAUSES[each] for each in DayCause})
    first = DateField("Premier jour", [DataRequired(NO_DAY)])
    last = DateField("Dernier jour", [Optional()])
    hours = StringField("Heures ouvertes", render_kw={"maxlength": 100, "autocomplete": "off"})
    clock = SelectField("Horloge", choices=CLOCKS, default="")
    reason = TextAreaField("Motif", render_kw=_REASON)

    def offer(self, reaches: dict[str, str]) -> "DaysForm":
        self.reach.choices = reaches
        return self

    def asked(self, convention: str, own_uai: str | None) -> DaysAsked:
        """What the person decides; without a last day, the first is the only one."""
        reach = Reach(self.reach.data)
        key = {Reach.ACADEMIE: "", Reach.CONVENTION: convention}.get(reach)
        return DaysAsked(
            reach=reach,
            key=(own_uai or (self.uai.data or "").strip().upper()) if key is None else key,
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
    last = DateField("Dernier jour", [DataRequired(NO_DAY)])


class SuspensionForm(Form):
    first = DateField("Premier jour", [DataRequired(NO_DAY)])
    last = DateField("Dernier jour", [DataRequired(NO_DAY)])
    uais = TextAreaField("Collèges concernés", render_kw={"rows": 3, "maxlength": 6_000})
    parties = SelectMultipleField(
        "Équipes concernées",
        choices={each.value: label(each) for each in HOLDERS},
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField("Motif", render_kw=_REASON)

    def asked(self, convention: str) -> SuspensionAsked:
        return SuspensionAsked(
            convention=convention,
            uais=tuple(each.upper() for each in _BETWEEN.split(self.uais.data or "") if each),
            parties=tuple(map(Party, self.parties.data or ())),
            first=self.first.data,
            last=self.last.data,
            reason=self.reason.data or "",
        )


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
