"""Why, tried out and left open: « Pourquoi ? » of a ticket, « Essayer », and the register of grey zones."""

from http import HTTPStatus

from flask import Blueprint, render_template, request

from router.desk import explanations, grey_zones, rule_use
from router.model.actor import Refused
from web.app_context import now, show_in, the_desk
from web.auth import EVERYONE, access, actor_if_any, current_actor, public
from web.errors import wording_of
from web.keys import key_in_query
from web.ticket.doubt import doubt_said
from web.ticket.sheet import source_words
from web.ticket.telling import CAUSES

blueprint = Blueprint("explain", __name__)

blueprint.add_app_template_filter(source_words)

Page = str | tuple[str, int]
CONVENTION, DAY = "convention", "jour"
LONGEST_VALUE = 60
MOST_FACTS = 60


@blueprint.get("/dossiers/<int:ticket_id>/pourquoi")
@access(*EVERYONE)
def why(ticket_id: int) -> Page:
    found = explanations.of_ticket(
        the_desk(), current_actor(), ticket_id, key_in_query("decision"), key_in_query("avant")
    )
    show_in(found.zone)
    return render_template(
        "rules/why.html",
        found=found,
        ticket=ticket_id,
        before=key_in_query("avant"),
        causes=CAUSES,
        doubt=doubt_said(found.doubt) if found.doubt else "",
    )


@blueprint.get("/essayer")
@public
def attempt() -> Page:
    """The facts, the convention and the day are the address itself: it can be sent to somebody."""
    given = {
        name[:LONGEST_VALUE]: value[:LONGEST_VALUE]
        for name, value in list(request.args.items())[:MOST_FACTS]
        if value
    }
    convention, day = given.pop(CONVENTION, None), given.pop(DAY, "")
    try:
        found = explanations.attempt(the_desk(), given, convention, day, now())
    except Refused as refusal:
        empty = explanations.attempt(the_desk(), {}, None, "", now())
        page = render_template(
            "rules/attempt.html", found=empty, given=given, refusal=refusal, day=day, chosen=convention
        )
        status = wording_of(refusal).status
        return page, status if status >= HTTPStatus.BAD_REQUEST else HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template(
        "rules/attempt.html",
        found=found,
        given={each.name: each.given for each in found.facts},
        refusal=None,
        day=found.day.isoformat(),
        chosen=found.convention,
    )


@blueprint.get("/regles/<rule_id>/dossiers")
@access(*rule_use.READERS)
def tickets(rule_id: str) -> Page:
    after = key_in_query("after")
    found = rule_use.rule_tickets(the_desk(), current_actor(), rule_id, after, now())
    return render_template("rules/tickets.html", found=found, paged=after is not None)


@blueprint.get("/zones-grises")
@public
def zones() -> Page:
    return render_template("rules/zones.html", found=_register())


@blueprint.get("/zones-grises/ordre-du-jour")
@public
def agenda() -> Page:
    return render_template("rules/agenda.html", found=_register())


def _register() -> grey_zones.Register:
    return grey_zones.register(the_desk(), actor_if_any(), request.args.get(CONVENTION), now())
