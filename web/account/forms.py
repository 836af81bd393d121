"""The forms of the account pages: shape only, what is right or wrong is the use cases' to say."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired

from web.forms import Form

EMAIL = {"autocomplete": "username", "inputmode": "email", "spellcheck": "false", "maxlength": 320}
CURRENT = {"autocomplete": "current-password", "maxlength": 200}
NEW = {"autocomplete": "new-password", "maxlength": 200}


class SignInForm(Form):
    email = EmailField(
        "Adresse électronique professionnelle",
        [InputRequired("Écrivez votre adresse électronique.")],
        render_kw=EMAIL,
    )
    password = PasswordField("Mot de passe", [InputRequired("Écrivez votre mot de passe.")], render_kw=CURRENT)


class ResumeForm(SignInForm):
    """The same, on the page that holds what was typed."""


class ForgottenForm(Form):
    email = EmailField(
        "Adresse électronique professionnelle",
        [InputRequired("Écrivez votre adresse électronique.")],
        render_kw=EMAIL,
    )


class ResetForm(Form):
    email = StringField("Adresse", render_kw={"autocomplete": "username", "readonly": True})
    new_password = PasswordField(
        "Nouveau mot de passe", [InputRequired("Écrivez un nouveau mot de passe.")], render_kw=NEW
    )


class PasswordForm(Form):
    current_password = PasswordField(
        "Mot de passe actuel", [InputRequired("Écrivez votre mot de passe actuel.")], render_kw=CURRENT
    )
    new_password = PasswordField(
        "Nouveau mot de passe", [InputRequired("Écrivez un nouveau mot de passe.")], render_kw=NEW
    )
