"""The report of a period, the tickets behind a figure, the spreadsheet."""

from enum import StrEnum
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, Response, render_template, request

from router.desk import oversee
from router.desk.history import Watch, watch
from router.desk.oversee import Measure, Period, Preset
from router.model.actor import Invalid, NotFound
from router.model.words import Category, Party, Role
from web.app_context import now, show_in, the_desk, the_settings
from web.auth import access, current_actor
from web.refusals import show_refusal
from web.reports import bars
from web.reports.forms import PeriodForm

blueprint = Blueprint("reports", __name__)

Word = TypeVar("Word", bound=StrEnum)
Page = str | Response | tuple[str, int]
overseers = access(Role.MANAGER, Role.LEAD)
BY_TIME = "temps"
PRESETS = {
    Preset.THIS_MONTH: "Ce mois",
    Preset.LAST_MONTH: "Mois dernier",
    Preset.QUARTER: "Trimestre",
    Preset.LAST_QUARTER: "Trimestre dernier",
    Preset.SCHOOL_YEAR: "Année scolaire",
}


@blueprint.get("/rapport")
@overseers
def index() -> Page:
    form = _form()
    if not form.validate():
        return _page(form, None), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        found = oversee.report_for(the_desk(), current_actor(), _period(form), _convention(form), now())
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _page(form, None), HTTPStatus.UNPROCESSABLE_ENTITY
    show_in(found.period.zone)
    return _page(form, found)


@blueprint.get("/rapport/dossiers")
@overseers
def tickets() -> Page:
    form = _checked(_form())
    period, query = _period(form), _query(form)
    measure, party, category = _measure(), _party(), _category()
    after, order = request.args.get("after"), request.args.get("tri", "")
    found = oversee.behind(
        the_desk(),
        current_actor(),
        period,
        _convention(form),
        measure,
        party,
        category,
        after,
        now(),
        by_time=order == BY_TIME,
    )
    asked = {
        "measure": measure.value,
        "party": party.value if party else "",
        "category": category or "",
        "tri": BY_TIME if order == BY_TIME else "",
    }
    show_in(found.zone)
    figure = query | {name: value for name, value in asked.items() if value}
    return render_template(
        "reports/tickets.html", found=found, period=period, query=query, figure=figure, after=after
    )


@blueprint.get("/rapport/export.csv")
@overseers
def csv() -> Response:
    form = _checked(_form())
    period = _period(form)
    found = oversee.report_for(the_desk(), current_actor(), period, _convention(form), now())
    name = f"rapport-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(oversee.as_csv(found), mimetype="text/csv", headers=headers)


def _page(form: PeriodForm, found: oversee.Report | None) -> str:
    return render_template(
        "reports/index.html",
        form=form.offer(found.conventions if found else ()),
        report=found,
        query=_query(form) if found else {},
        presets=_presets(form),
        definitions=oversee.DEFINITIONS,
        times=(oversee.MEDIAN, oversee.NINTH_DECILE, oversee.STEPS, oversee.ALERTS),
        version=oversee.VERSION,
        bars=bars,
        alerts_in_words=oversee.alerts_in_words,
        M=Measure,
        watch=_watch(),
    )


def _watch() -> Watch | None:
    """This page is where a manager arrives: what waits for her of the rules is said here."""
    actor = current_actor()
    return watch(the_desk(), actor, now()) if actor.role is Role.MANAGER else None


def _form() -> PeriodForm:
    """What the address asks for; without dates, the present month."""
    if request.args.get("first") or request.args.get("last"):
        return PeriodForm(request.args)
    month = _preset(Preset.THIS_MONTH)
    return PeriodForm(None, first=month.first, last=month.last, convention=request.args.get("convention", ""))


def _checked(form: PeriodForm) -> PeriodForm:
    """Raises Invalid with the first fault."""
    if not form.validate():
        name, faults = next(iter(form.errors.items()))
        raise Invalid(faults[0], name)
    return form


def _period(form: PeriodForm) -> Period:
    return form.period(the_settings().zone)


def _convention(form: PeriodForm) -> str | None:
    return form.convention.data or None


def _preset(name: Preset) -> Period:
    zone = the_settings().zone
    return oversee.preset(name, now().astimezone(zone).date(), zone)


def _presets(form: PeriodForm) -> list[tuple[Period, str, bool]]:
    """Each named period, with whether it is the one shown."""
    named = [(_preset(name), label) for name, label in PRESETS.items()]
    shown = (form.first.data, form.last.data)
    return [(period, label, (period.first, period.last) == shown) for period, label in named]


def _query(form: PeriodForm) -> dict[str, str]:
    """What every address of this report carries."""
    asked = {
        "first": form.first.data.isoformat(),
        "last": form.last.data.isoformat(),
        "convention": form.convention.data,
    }
    return {name: value for name, value in asked.items() if value}


def _measure() -> Measure:
    return _member(Measure, request.args.get("measure", ""))


def _party() -> Party | None:
    return _member(Party, request.args["party"]) if request.args.get("party") else None


def _category() -> str | None:
    category = request.args.get("category") or None
    return category if category in {None, oversee.UNKNOWN} else _member(Category, str(category)).value


def _member(kind: type[Word], word: str) -> Word:
    try:
        return kind(word)
    except ValueError as error:
        raise NotFound("Ce chiffre n'est dans aucun rapport.") from error
