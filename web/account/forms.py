"""The forms of the account pages: shape only, what is right or wrong is the use cases' to say."""

from wtforms import BooleanField, EmailField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired

from router.desk.my_messages import MyMessages
from router.model.words import MailTopic
from web.forms import Form
from web.words import TOPICS

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


TOGETHER, ONE_BY_ONE = "together", "one_by_one"


class MessagesForm(Form):
    """How she wants her messages. What is ticked is received: a topic left out is declined."""

    how = RadioField(
        "Les messages qui ont attendu l'ouverture du service",
        choices={TOGETHER: "Dans un seul courriel, qui les énumère", ONE_BY_ONE: "Un courriel pour chacun"},
        validators=[InputRequired("Choisissez comment les recevoir.")],
    )
    follow_up = BooleanField(TOPICS[MailTopic.FOLLOW_UP])
    comments = BooleanField(TOPICS[MailTopic.COMMENTS])
    information = BooleanField(TOPICS[MailTopic.INFORMATION])
    reminders = BooleanField(TOPICS[MailTopic.REMINDERS])

    @classmethod
    def showing(cls, present: MyMessages) -> "MessagesForm":
        ticked = {topic.value: topic not in present.declined for topic in MailTopic}
        return cls(formdata=None, how=TOGETHER if present.grouped else ONE_BY_ONE, **ticked)

    def chosen(self) -> MyMessages:
        declined = frozenset(topic for topic in MailTopic if not self[topic.value].data)
        return MyMessages(self.how.data == TOGETHER, declined)
