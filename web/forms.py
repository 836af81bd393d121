"""What every form of ours is: CSRF on each, and the library's own sentences in French.

Choices of a SelectField are a dict, value to label: WTForms gives up tuples. A default keeps a field that a
client left out from being an error."""

from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf is not typed
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("fr",)


class ReadingForm(Form):
    """A form that only reads (filters, search): sent by GET, without a token."""

    class Meta(Form.Meta):
        csrf = False
