"""« Qui est compétent ? » without account, and the rules for reading: the table, one rule, one article.

An address holds facts only: words are posted, read, and never put in an address nor in a log."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from router.desk import advise as advice
from router.desk import rule_pages
from router.desk.rule_use import rule_use
from router.model.actor import Refused
from web.app_context import now, show_in, the_desk
from web.auth import actor_if_any, public
from web.errors import wording_of
from web.rules.forms import WordsForm

blueprint = Blueprint("rules", __name__)

Page = str | Response | tuple[str, int]
SUPPOSED = "suppose."
CONVENTION = "convention"
LONGEST_VALUE = 60
LONGEST_SEARCH = 100


@blueprint.get("/qui-est-competent")
@public
def ask() -> Page:
    return _page(WordsForm(formdata=None, convention=request.args.get(CONVENTION, "")))


@blueprint.post("/qui-est-competent")
@public
def read() -> Page:
    form = WordsForm()
    try:
        facts = advice.read_words(
            the_desk(), form.words.data or "", now(), convention=form.convention.data or None
        )
    except Refused as refusal:
        form.words.errors = [refusal.message]
        return _page(form), wording_of(refusal).status
    parts: dict[str, Any] = {SUPPOSED + name: value for name, value in facts.items()}
    address = url_for("rules.ask", lu="1", convention=form.convention.data or None, **parts)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get("/regles")
@public
def table() -> Page:
    asked = rule_pages.Search(
        words=request.args.get("mots", "")[:LONGEST_SEARCH].strip(),
        party=request.args.get("qui", "")[:LONGEST_VALUE],
        local=request.args.get("local") == "1",
    )
    view = rule_pages.table(the_desk(), request.args.get(CONVENTION) or None, now(), asked)
    return render_template("rules/table.html", view=view, asked=asked)


@blueprint.get("/regles/<rule_id>")
@public
def rule(rule_id: str) -> Page:
    asked = request.args.get(CONVENTION)
    view = rule_pages.rule(the_desk(), rule_id, now(), actor=actor_if_any(), convention=asked)
    use = rule_use(the_desk(), actor_if_any(), rule_id, now())
    return render_template("rules/rule.html", rule=view, use=use)


@blueprint.get("/articles/<number>")
@public
def article(number: str) -> Page:
    return render_template("rules/article.html", article=rule_pages.article(the_desk(), number, now()))


def _page(form: WordsForm) -> str:
    given = {name: value[:LONGEST_VALUE] for name, value in request.args.items() if value}
    convention = given.pop(CONVENTION, None)
    was_read = given.pop("lu", "") == "1"
    supposed = {
        name.removeprefix(SUPPOSED): given.pop(name) for name in list(given) if name.startswith(SUPPOSED)
    }
    found = advice.advise(the_desk(), given, supposed, convention, now())
    form.offer(found.conventions)
    show_in(found.zone)
    return render_template(
        "rules/ask.html", form=form, advice=found, was_read=was_read, without=lambda fact: _without(found, fact)
    )


def _without(found: advice.Advice, left_out: str) -> str:
    """The address of the same question, one fact less."""
    facts: dict[str, Any] = {
        (SUPPOSED if each.supposed else "") + each.fact: each.value
        for each in found.stated
        if each.fact != left_out
    }
    return url_for("rules.ask", convention=found.convention, **facts)
