"""« Calendrier »: read by everybody, decided by those who pilot and, for her collège, by its principal.

A decision is first rehearsed: the page says how many deadlines would move, then asks."""

from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import assert_never

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from router.desk import calendar_days, suspensions
from router.desk.calendar_days import DaysAsked
from router.desk.calendar_page import CalendarForm, CalendarPage, calendar_form, calendar_page
from router.desk.recompute import Recomputed
from router.model.actor import NotFound, Refused
from router.model.words import Reach, Role
from web.app_context import now, show_in, the_desk
from web.auth import EVERYONE, access, current_actor
from web.calendar import words
from web.calendar.forms import DaysForm, EndForm, ReasonForm, SuspensionForm, named
from web.errors import wording_of
from web.keys import key_in_query
from web.refusals import show_refusal
from web.words import REACHES

blueprint = Blueprint("calendar", __name__)

Page = str | Response | tuple[str, int]
deciders = access(Role.MANAGER, Role.PRINCIPAL)
signatories = access(Role.MANAGER)


@blueprint.get("/calendrier")
@access(*EVERYONE)
def index() -> Page:
    return _page()


@blueprint.get("/calendrier/jours")
@deciders
def new_days() -> Page:
    page = _form()
    return _days(page, DaysForm(formdata=None).offer(_reaches(page), page.colleges))


@blueprint.post("/calendrier/jours")
@deciders
def decide() -> Page:
    """Twice: rehearsed, then done when the page that tells what would move is sent back."""
    page = _form()
    form = DaysForm().offer(_reaches(page), page.colleges)
    if not form.validate():
        return _days(page, form), HTTPStatus.UNPROCESSABLE_ENTITY
    actor = current_actor()
    asked, sure = form.asked(page.convention, actor.uai), "sure" in request.form
    try:
        done = calendar_days.decide_days(the_desk(), actor, asked, now(), rehearse=not sure)
    except Refused as refusal:
        show_refusal(form, refusal)
        return _days(page, form), wording_of(refusal).status
    if not sure:
        return _days(
            page, form, [_decided(page, asked), *words.closed_already(done.closed_already), told(done)]
        )
    flash(f"C'est enregistré. {told(done)}")
    return redirect(_home(), HTTPStatus.SEE_OTHER)


@blueprint.post("/calendrier/jours/<int:change_id>/retirer")
@deciders
def withdraw(change_id: int) -> Page:
    form = ReasonForm().about(_key(change_id))
    return _act(
        form,
        lambda: calendar_days.withdraw_days(
            the_desk(), current_actor(), change_id, form.reason.data or "", now()
        ),
        "La décision est retirée.",
        change_id,
    )


@blueprint.get("/calendrier/force-majeure")
@signatories
def new_suspension() -> Page:
    page = _form()
    return _suspension(page, SuspensionForm(formdata=None).offer(page.colleges))


@blueprint.post("/calendrier/force-majeure")
@signatories
def declare() -> Page:
    page = _form()
    form = SuspensionForm().offer(page.colleges)
    if not form.validate():
        return _suspension(page, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        suspensions.declare_suspension(the_desk(), current_actor(), form.asked(page.convention), now())
    except Refused as refusal:
        show_refusal(form, refusal)
        return _suspension(page, form), wording_of(refusal).status
    flash(
        "La force majeure est déclarée. Rien n'est suspendu tant que l'autre institution ne l'a pas acceptée."
    )
    return redirect(_home() + "#force-majeure", HTTPStatus.SEE_OTHER)


@blueprint.post("/calendrier/force-majeure/<int:number>/accepter")
@signatories
def accept(number: int) -> Page:
    """Twice, as a day is decided: what would stand still is told first."""
    form, sure = ReasonForm(formdata=None), "sure" in request.form

    def accepted() -> Recomputed:
        return suspensions.accept_suspension(the_desk(), current_actor(), number, now(), rehearse=not sure)

    return (
        _act(form, accepted, "La force majeure est acceptée.", number)
        if sure
        else _tried(form, accepted, number)
    )


@blueprint.post("/calendrier/force-majeure/<int:number>/refuser")
@signatories
def refuse(number: int) -> Page:
    return _with_reason(
        number, suspensions.refuse_suspension, "La force majeure est refusée : rien n'est suspendu."
    )


@blueprint.post("/calendrier/force-majeure/<int:number>/retirer")
@signatories
def take_back(number: int) -> Page:
    return _with_reason(number, suspensions.withdraw_suspension, "La déclaration est retirée.")


@blueprint.post("/calendrier/force-majeure/<int:number>/finir")
@signatories
def end(number: int) -> Page:
    form = EndForm().about(_key(number, of_end=True))
    if not form.validate():
        return _page(form, number), HTTPStatus.UNPROCESSABLE_ENTITY
    return _act(
        form,
        lambda: suspensions.end_suspension(
            the_desk(), current_actor(), number, form.last.data, form.reason.data or "", now()
        ),
        "La fin est enregistrée.",
        number,
    )


def told(done: Recomputed) -> str:
    """How many deadlines moved, or would."""
    if not done.moved:
        return "Aucune échéance de dossier ouvert ne change."
    deadlines = "1 échéance change" if done.moved == 1 else f"{done.moved} échéances changent"
    tickets = "1 dossier ouvert" if done.moved_tickets == 1 else f"{done.moved_tickets} dossiers ouverts"
    return f"{deadlines}, dans {tickets}."


def _with_reason(number: int, act: Callable[..., None], said: str) -> Page:
    form = ReasonForm().about(_key(number))

    def done() -> Recomputed | None:
        act(the_desk(), current_actor(), number, form.reason.data or "", now())
        return None

    return _act(form, done, said, number)


def _act(form: ReasonForm, act: Callable[[], Recomputed | None], said: str, number: int) -> Page:
    """A gesture of the page itself: refused, it is shown again with what was typed, at its place."""
    try:
        done = act()
    except NotFound:
        raise
    except Refused as refusal:
        return _refused(form, refusal, number)
    flash(f"{said} {told(done)}" if done else said)
    return redirect(_home(), HTTPStatus.SEE_OTHER)


def _tried(form: ReasonForm, rehearse: Callable[[], Recomputed], number: int) -> Page:
    """The page that says what accepting would do, and asks."""
    try:
        done = rehearse()
    except NotFound:
        raise
    except Refused as refusal:
        return _refused(form, refusal, number)
    page = _shown()
    asked = next((each for each in page.suspensions if each.id == number), None)
    return render_template(
        "calendar/acceptance.html",
        page=page,
        asked=asked,
        number=number,
        would=told(done),
        home=_home(),
        words=words,
    )


def _refused(form: ReasonForm, refusal: Refused, number: int) -> Page:
    show_refusal(form, refusal)
    return _page(form, number), wording_of(refusal).status


def _shown(before: int | None = None) -> CalendarPage:
    return calendar_page(the_desk(), current_actor(), _asked(), now(), before)


def _form() -> CalendarForm:
    return calendar_form(the_desk(), current_actor(), _asked(), now())


def _asked() -> str | None:
    return request.args.get("convention") or None


def _home() -> str:
    """The calendar that was chosen, if any was."""
    return url_for("calendar.index", convention=_asked())


def _page(said: ReasonForm | None = None, number: int | None = None) -> str:
    before = key_in_query("avant")
    page = _shown(before)
    show_in(page.zone)
    return render_template(
        "calendar/index.html",
        page=page,
        before=before,
        said=said,
        about=number,
        left_over=said.reason.data if said is not None and said.key not in set(_offered(page)) else "",
        form_for=lambda about, of_end=False: _form_for(said, about, of_end=of_end),
        words=words,
    )


def _offered(page: CalendarPage) -> Iterator[str]:
    """The keys of the forms that the page shows: one refused because its gesture is over isn't among them."""
    yield from (_key(each.id) for each in page.decisions if each.may_withdraw)
    yield from (_key(each.id) for each in page.suspensions if each.may_answer or each.may_withdraw)
    yield from (_key(each.id, of_end=True) for each in page.suspensions if each.may_end)


def _key(number: int, *, of_end: bool = False) -> str:
    return f"{'fin' if of_end else 'motif'}-{number}"


def _form_for(said: ReasonForm | None, number: int, *, of_end: bool) -> ReasonForm:
    """The form of one act on the page: as it was sent when it is the one refused."""
    kind = EndForm if of_end else ReasonForm
    key = _key(number, of_end=of_end)
    if said is not None and said.key == key:
        return said
    return kind(formdata=None).about(key)


def _days(page: CalendarForm, form: DaysForm, rehearsed: Sequence[str] = ()) -> str:
    return render_template("calendar/days.html", page=page, form=form, rehearsed=rehearsed, home=_home())


def _decided(page: CalendarForm, asked: DaysAsked) -> str:
    """What she is about to decide, read back with the days of the week: that is where a slip shows."""
    match asked.reach:
        case Reach.COLLEGE:
            where = page.college or named(page.colleges).get(asked.key, asked.key)
        case Reach.CONVENTION:
            where = page.title
        case Reach.ACADEMIE:
            where = REACHES[asked.reach]
        case _ as never:
            assert_never(never)
    return words.decision(asked.first, asked.last, asked.hours, asked.clock, where)


def _suspension(page: CalendarForm, form: SuspensionForm) -> str:
    return render_template("calendar/suspension.html", page=page, form=form, home=_home())


def _reaches(page: CalendarForm) -> dict[str, str]:
    """The narrowest first."""
    narrowest_first = (Reach.COLLEGE, Reach.CONVENTION, Reach.ACADEMIE)
    return {each.value: REACHES[each] for each in narrowest_first if each in page.reaches}
