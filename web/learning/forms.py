"""The form of a correction: its text, which may be masked further before it is accepted."""

from wtforms import StringField, TextAreaField

from web.forms import Form


class TextForm(Form):
    subject = StringField("Objet", render_kw={"maxlength": 200, "autocomplete": "off"})
    body = TextAreaField("Description", render_kw={"rows": 6, "maxlength": 4_000})
