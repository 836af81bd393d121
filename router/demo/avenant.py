"""An avenant that waits: proposed by the Département's manager, for whoever tries the demonstration to approve."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from router.desk import approving, drafting
from router.desk.draft_terms import CONVENTIONS, Terms
from router.desk.house import Desk
from router.model.actor import Actor
from router.model.words import GroundsKind, Institution, Role
from router.store.journal import Signature

TEXT = Path(__file__).with_name("avenant.toml")
STARTED_BEFORE, SIGNED_BEFORE, IN_FORCE_AFTER = timedelta(days=2), timedelta(days=4), timedelta(days=60)


def propose_avenant(desk: Desk, sources: dict[str, str], actors: Sequence[Actor], now: datetime) -> int | None:
    """The draft's number; None where the rules folder isn't the shipped one, which the avenant would not fit."""
    said = tomllib.loads(TEXT.read_text(encoding="utf-8"))
    changed = _changed(sources, said)
    actor = next((each for each in actors if _signs(each, said["convention"])), None)
    if changed is None or actor is None:
        return None
    today = now.astimezone(desk.settings.zone).date()
    terms = Terms(
        title=said["title"],
        kind=GroundsKind.AVENANT,
        reference=said["reference"],
        signed_on=today - SIGNED_BEFORE,
        articles=tuple(said["articles"]),
    )
    who, began = Signature(actor.signature, actor.name), now - STARTED_BEFORE
    draft_id = drafting.start(desk, said["convention"], changed, terms, who, began)
    complete = replace(terms, in_force_from=today + IN_FORCE_AFTER)
    drafting.change_terms(desk, actor, draft_id, complete, 1, began + timedelta(minutes=20))
    approving.propose(desk, actor, draft_id, 2, now - timedelta(days=1))
    return draft_id


def _changed(sources: dict[str, str], said: dict[str, Any]) -> dict[str, str] | None:
    file = f"{CONVENTIONS}{said['convention']}.toml"
    text = sources.get(file, "")
    for change in said["change"]:
        if text.count(change["old"]) != 1:
            return None
        text = text.replace(change["old"], change["new"])
    return {**sources, file: text}


def _signs(actor: Actor, convention: str) -> bool:
    mine = actor.convention_id == convention and actor.institution is Institution.DEPARTEMENT
    return actor.role is Role.MANAGER and mine
