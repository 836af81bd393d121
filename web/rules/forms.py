"""The public question: a few words, and where."""

from collections.abc import Iterable

from wtforms import SelectField, TextAreaField

from router.desk.advise import MAX_WORDS, ConventionLine
from web.forms import Form

EVERYWHERE = {"": "Règles nationales, sans décision locale"}


class WordsForm(Form):
    words = TextAreaField("Qu'est-ce qui ne va pas ?", render_kw={"rows": 3, "maxlength": MAX_WORDS})
    convention = SelectField("Où ?", choices=EVERYWHERE, default="", validate_choice=False)

    def offer(self, conventions: Iterable[ConventionLine]) -> None:
        self.convention.choices = EVERYWHERE | {each.id: each.title for each in conventions}
