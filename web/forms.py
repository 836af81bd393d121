"""What every form of ours is: CSRF on each, and the library's own sentences in French.

Choices of a SelectField are a dict, value to label: WTForms gives up tuples. A default keeps a field that a
client left out from being an error."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, StringField
from wtforms.fields.core import UnboundField

from router.model.texts import seen


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf is not typed
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("fr",)

        def bind_field(self, form: Any, unbound_field: "UnboundField[Any]", options: dict[str, Any]) -> Field:
            """Every text a person types loses what cannot be seen; a password is nobody's to change."""
            if issubclass(unbound_field.field_class, StringField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):
                options["filters"] = (*unbound_field.kwargs.get("filters", ()), _seen)
            return unbound_field.bind(form=form, **options)


def _seen(value: Any) -> Any:
    return seen(value) if isinstance(value, str) else value


class ReadingForm(Form):
    """A form that only reads (filters, search): sent by GET, without a token."""

    class Meta(Form.Meta):
        csrf = False
