"""What a report is asked for: two dates as people write them, and a convention."""

from zoneinfo import ZoneInfo

from wtforms import DateField, SelectField
from wtforms.validators import DataRequired, Optional

from router.desk.oversee import Period
from web.forms import ReadingForm

EVERYWHERE = {"": "Toutes les conventions"}
NOT_A_DATE = "Donnez une date complète, par exemple 01/09/2026."


class DayField(DateField):  # type: ignore[misc]  # wtforms is not typed
    """A civil day, as the browser's own calendar or a person writes it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(NOT_A_DATE) from error


class PeriodForm(ReadingForm):
    first = DayField("Du", format=["%Y-%m-%d", "%d/%m/%Y"], validators=[DataRequired(NOT_A_DATE)])
    last = DayField("Au (inclus)", format=["%Y-%m-%d", "%d/%m/%Y"], validators=[DataRequired(NOT_A_DATE)])
    convention = SelectField("Convention", validators=[Optional()], validate_choice=False)

    def offer(self, conventions: tuple[tuple[str, str], ...]) -> "PeriodForm":
        self.convention.choices = EVERYWHERE | dict(conventions)
        return self

    def period(self, zone: ZoneInfo) -> Period:
        """Raises Invalid when the dates don't make a period."""
        return Period.through(self.first.data, self.last.data, zone)
