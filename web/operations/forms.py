"""What the list of messages is narrowed to."""

from wtforms import SelectField, StringField
from wtforms.validators import Length

from router.model.words import NoticeState
from web.forms import ReadingForm
from web.words import NOTICES


class MessagesForm(ReadingForm):
    state = SelectField(
        "État", choices={"": "Tous"} | {state.value: NOTICES[state] for state in NoticeState}, default=""
    )
    address = StringField("Adresse", validators=[Length(max=254)])
