"""The forms of the school calendar: a file, then what was looked at, to be confirmed."""

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField

from router.desk.calendar_import import ZONES, Preview
from web.forms import Form


class SchoolFileForm(Form):
    file = FileField("Fichier du calendrier scolaire, en CSV ou en iCal (.ics)")
    zone = SelectField(
        "Zone", choices={"": "Toutes celles du fichier"} | dict(ZONES), default="", validate_choice=False
    )


class SchoolConfirmForm(Form):
    """The file as it was looked at, packed; and the mark of what was known then."""

    packed = HiddenField()
    name = HiddenField()
    zone = HiddenField()
    stamp = HiddenField()

    @classmethod
    def of(cls, preview: Preview) -> "SchoolConfirmForm":
        return cls(
            formdata=None, packed=preview.packed, name=preview.name, zone=preview.zone, stamp=preview.stamp
        )
