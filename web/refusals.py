"""Ties what a use case refuses to the field of the form it concerns."""

from flask_wtf import FlaskForm

from router.model.actor import Refused


def show_refusal(form: FlaskForm, refusal: Refused) -> None:
    """Puts the sentence under its field, else at the head of the form."""
    if refusal.field is not None and refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, refusal.message]
    else:
        form.form_errors.append(refusal.message)
