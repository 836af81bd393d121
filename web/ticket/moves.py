"""Each gesture: its address, its words, its form, the use case it calls. One table for the routes and the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from router.desk import alert, choices, data_protection, handle, redecide, settling
from router.desk.gestures import Gesture
from router.desk.house import Desk
from router.desk.ticket_page import TicketView
from router.model.actor import Actor, Invalid
from router.model.words import Party, PauseCause, TicketStatus
from web.ticket import forms
from web.ticket.forms import GestureForm
from web.words import label, the_party


@dataclass(frozen=True, slots=True)
class Hand:
    """Who makes a gesture, on which ticket, when."""

    desk: Desk
    actor: Actor
    view: TicketView
    at: datetime
    to: str = ""  # the party chosen in the first step of a transfer

    @property
    def number(self) -> int:
        return self.view.id


FormMaker = Callable[..., GestureForm]
Act = Callable[[Hand, Any], str]
Furnish = Callable[[Hand, type[GestureForm]], FormMaker]


@dataclass(frozen=True, slots=True)
class Move:
    """`label` opens the gesture, `send` makes it; `act` returns the sentence that says what happened.

    `apart`: its form is long, so it opens on an address of its own instead of folding into the page.
    `to_a_party`: the party that receives the ticket is chosen first."""

    name: str
    gesture: Gesture
    path: str
    label: str
    send: str
    form: type[GestureForm]
    act: Act
    furnish: Furnish | None = None
    hint: str = ""
    apart: bool = False
    to_a_party: bool = False

    @property
    def one_press(self) -> bool:
        return self.form in {forms.PressForm, forms.TakeForm}

    def empty(self, hand: Hand) -> GestureForm:
        """The form as the page first shows it."""
        return self._maker(hand)(formdata=None, prefix=self.prefix)

    def filled(self, hand: Hand) -> GestureForm:
        """The form with what was sent."""
        return self._maker(hand)(prefix=self.prefix)

    @property
    def prefix(self) -> str:
        return f"{self.name}-"

    def _maker(self, hand: Hand) -> FormMaker:
        return self.furnish(hand, self.form) if self.furnish else self.form


def _with_colleagues(hand: Hand, base: type[GestureForm]) -> FormMaker:
    def make(**options: Any) -> GestureForm:
        form = base(**options)
        form.offer(choices.colleagues(hand.desk, hand.actor, hand.number))
        return form

    return make


def _with_references(hand: Hand, base: type[GestureForm]) -> FormMaker:
    """The second step lists what sends to the party chosen; without one, there is nothing to list yet."""
    view = hand.view

    def make(**options: Any) -> GestureForm:
        form = base(**options)
        chosen = form.to.data or hand.to
        found = next((each.party for each in receivers(hand) if each.party == chosen), None)
        if found:
            facts = view.decision.present
            form.offer(found, choices.references(hand.desk, view.policy, view.convention_id, found, facts))
        else:
            form.offer("", choices.References((), (), ()))
        return form

    return make


def receivers(hand: Hand) -> tuple[choices.Receiver, ...]:
    """Whom the ticket may be handed to: never who holds it, except by arbitration."""
    view = hand.view
    return choices.receivers(
        hand.desk, view.policy, None if view.status is TicketStatus.ARBITRATION else view.holder
    )


def _with_seen(hand: Hand, base: type[GestureForm]) -> FormMaker:
    def make(**options: Any) -> GestureForm:
        assignee = hand.view.assignee
        return base(seen=str(assignee.id) if assignee else "", **options)

    return make


def _with_present_facts(hand: Hand, base: type[GestureForm]) -> FormMaker:
    made = forms.with_facts(forms.CorrectForm, _correctable(hand))
    return lambda **options: made(product=hand.view.product, **options)


def _with_facts_of_a_measure(hand: Hand, base: type[GestureForm]) -> FormMaker:
    return forms.with_facts(forms.ContainForm, choices.of_a_measure(hand.desk, hand.view.policy))


def _correctable(hand: Hand) -> tuple[choices.FactQuestion, ...]:
    return choices.correctable(hand.desk, hand.view.policy, hand.view.decision.present)


def _take(hand: Hand, form: forms.TakeForm) -> str:
    handle.take(hand.desk, hand.actor, hand.number, hand.at, seen_with=form.seen_with)
    return f"Vous suivez maintenant le dossier n° {hand.number}."


def _assign(hand: Hand, form: forms.AssignForm) -> str:
    handle.assign(hand.desk, hand.actor, hand.number, _number(form.colleague.data), hand.at)
    return "Le dossier est confié. La personne est prévenue."


def _comment(hand: Hand, form: forms.CommentForm) -> str:
    handle.comment(hand.desk, hand.actor, hand.number, form.text.data or "", hand.at, files=form.given())
    return "Votre message est envoyé."


def _note(hand: Hand, form: forms.NoteForm) -> str:
    handle.note(hand.desk, hand.actor, hand.number, form.text.data or "", hand.at)
    return "La note est ajoutée. Le collège ne la voit pas."


def _attach(hand: Hand, form: forms.FilesForm) -> str:
    handle.attach(hand.desk, hand.actor, hand.number, form.given(), hand.at)
    return "Le fichier est joint."


def _ask(hand: Hand, form: forms.AskForm) -> str:
    handle.ask_information(hand.desk, hand.actor, hand.number, form.text.data or "", hand.at)
    return "La question est envoyée. Le délai est arrêté jusqu'à la réponse."


def _answer(hand: Hand, form: forms.AnswerForm) -> str:
    handle.answer(hand.desk, hand.actor, hand.number, form.text.data or "", hand.at, files=form.given())
    return "Votre réponse est envoyée. Le délai repart."


def _pause(hand: Hand, form: forms.PauseForm) -> str:
    limit = form.limit(hand.view.zone)
    cause, reason = _cause(form.cause.data), form.text.data or ""
    handle.pause(hand.desk, hand.actor, hand.number, cause, reason, limit, hand.at)
    return "Le dossier est en attente. La promesse faite au collège, elle, court toujours."


def _resume(hand: Hand, _form: GestureForm) -> str:
    handle.resume(hand.desk, hand.actor, hand.number, hand.at)
    return "Le dossier reprend, son délai aussi."


def _correct(hand: Hand, form: forms.CorrectForm) -> str:
    questions = _correctable(hand)
    changes = choices.answers(questions, form.facts(questions), changed_only=True)
    product = (form.product.data or "").strip()
    changed = product if product != hand.view.product else None
    reason = form.reason.data or ""
    party = redecide.correct(hand.desk, hand.actor, hand.number, changes, reason, hand.at, product=changed)
    return f"Les faits sont corrigés. {_held_by(hand, party)}"


def _raise(hand: Hand, form: forms.ReasonForm) -> str:
    redecide.raise_alert(hand.desk, hand.actor, hand.number, form.reason.data or "", hand.at)
    return f"Le dossier n° {hand.number} est maintenant une alerte de sécurité : le RSSI est prévenu."


def _held_by(hand: Hand, party: Party) -> str:
    if party is hand.view.holder:
        return f"Le dossier n° {hand.number} reste tenu par : {label(party)}."
    return f"Le dossier n° {hand.number} est maintenant tenu par : {label(party)}."


def _transfer(hand: Hand, form: forms.TransferForm) -> str:
    to, reference, reason = _party(form.to.data), form.reference.data or "", form.reason.data or ""
    status = redecide.transfer(hand.desk, hand.actor, hand.number, to, reference, reason, hand.at)
    if status is TicketStatus.ARBITRATION:
        return "C'est la deuxième contestation : les coordinateurs des deux institutions vont arbitrer."
    return f"Le dossier n° {hand.number} est transmis : {the_party(to)} le tient maintenant."


def _arbitrate(hand: Hand, form: forms.TransferForm) -> str:
    to, reference, reason = _party(form.to.data), form.reference.data or "", form.reason.data or ""
    redecide.arbitrate(hand.desk, hand.actor, hand.number, to, reference, reason, hand.at)
    return f"L'arbitrage est rendu : {the_party(to)} tient le dossier n° {hand.number}."


def _link(hand: Hand, form: forms.LinkForm) -> str:
    original = _number(form.original.data)
    settling.link_duplicate(hand.desk, hand.actor, hand.number, original, hand.at)
    return f"Le dossier n° {hand.number} est rattaché au n° {original}, où la réponse continue."


def _first_level(hand: Hand, form: forms.FirstLevelForm) -> str:
    party = redecide.first_level_done(hand.desk, hand.actor, hand.number, form.text.data or "", hand.at)
    return f"Le premier niveau est fait. {_held_by(hand, party)}"


def _resolve(hand: Hand, form: forms.ResolveForm) -> str:
    settling.resolve(hand.desk, hand.actor, hand.number, form.text.data or "", hand.at)
    return f"Le dossier n° {hand.number} est résolu. Le collège peut confirmer ou rouvrir."


def _confirm(hand: Hand, _form: GestureForm) -> str:
    settling.confirm(hand.desk, hand.actor, hand.number, hand.at)
    return "Merci : le dossier est clos."


def _reopen(hand: Hand, form: forms.ReopenForm) -> str:
    settling.reopen(hand.desk, hand.actor, hand.number, form.text.data or "", hand.at)
    return "Le dossier est rouvert, avec un nouveau délai."


def _acknowledge(hand: Hand, _form: GestureForm) -> str:
    alert.acknowledge(hand.desk, hand.actor, hand.number, hand.at)
    return f"Réception accusée pour l'alerte n° {hand.number}."


def _log(hand: Hand, form: forms.LogForm) -> str:
    private = bool(form.private.data)
    alert.log_action(hand.desk, hand.actor, hand.number, form.text.data or "", hand.at, private=private)
    return "C'est consigné."


def _admit(hand: Hand, form: forms.AdmitForm) -> str:
    alert.admit(hand.desk, hand.actor, hand.number, form.email.data or "", hand.at)
    return "Cette personne peut maintenant lire l'alerte. Elle est prévenue."


def _exclude(hand: Hand, form: forms.ExcludeForm) -> str:
    alert.exclude_principal(hand.desk, hand.actor, hand.number, form.motive.data or "", hand.at)
    if hand.view.principal_excluded:
        return "La direction du collège lit de nouveau cette alerte."
    return "La direction du collège ne lit plus cette alerte."


def _contain(hand: Hand, form: forms.ContainForm) -> str:
    questions = choices.of_a_measure(hand.desk, hand.view.policy)
    facts = choices.answers(questions, form.facts(questions), changed_only=True)
    filed = alert.contain(hand.desk, hand.actor, hand.number, form.text.data or "", facts, hand.at)
    return f"La mesure est demandée : dossier n° {filed.ticket}, tenu par : {label(filed.responsible)}."


def _note_data(hand: Hand, _form: GestureForm) -> str:
    data_protection.note(hand.desk, hand.actor, hand.number, hand.at)
    return f"C'est noté : vous avez pris connaissance du dossier n° {hand.number}."


def _review(hand: Hand, _form: GestureForm) -> str:
    alert.reviewed(hand.desk, hand.actor, hand.number, hand.at)
    return f"Le dossier n° {hand.number} est relu : rien d'inquiétant."


def _party(given: str | None) -> Party:
    try:
        return Party(given or "")
    except ValueError:
        raise Invalid("Choisissez l'équipe.", "to") from None


def _cause(given: str | None) -> PauseCause:
    try:
        return PauseCause(given or "")
    except ValueError:
        raise Invalid("Choisissez ce que vous attendez.", "cause") from None


def _number(given: str | int | None) -> int:
    """A row's number; zero, which names none, in place of what can't be one."""
    try:
        number = int(given or 0)
    except ValueError:
        return 0
    return number if 0 < number < 2**31 else 0


_TRANSFER_HINT = (
    "Rendre le dossier à une équipe qui l'a déjà tenu est une contestation ; à la deuxième, "
    "les coordinateurs des deux institutions arbitrent."
)
_SECURITY_HINT = (
    "Le dossier devient une alerte : seules les personnes prévues pour la sécurité le lisent encore."
)

ALL = (
    Move("take", Gesture.TAKE, "prendre", "Prendre en charge", "Prendre en charge", forms.TakeForm, _take, _with_seen),
    Move("assign", Gesture.ASSIGN, "confier", "Confier à un collègue", "Confier",
         forms.AssignForm, _assign, _with_colleagues),
    Move("comment", Gesture.COMMENT, "ecrire", "Écrire un message", "Envoyer", forms.CommentForm, _comment),
    Move("note", Gesture.NOTE, "noter", "Note interne", "Ajouter la note", forms.NoteForm, _note,
         hint="Lue des équipes techniques et du RSSI, jamais du collège."),
    Move("attach", Gesture.ATTACH, "joindre", "Joindre un fichier", "Joindre", forms.FilesForm, _attach),
    Move("ask", Gesture.ASK, "demander", "Demander une précision", "Envoyer la question", forms.AskForm, _ask,
         hint="Le délai s'arrête jusqu'à la réponse du collège, ou jusqu'à la limite prévue."),
    Move("answer", Gesture.ANSWER, "repondre", "Répondre", "Envoyer la réponse", forms.AnswerForm, _answer,
         hint="Le délai est arrêté : il repart avec votre réponse."),
    Move("pause", Gesture.PAUSE, "attendre", "Mettre en attente", "Mettre en attente", forms.PauseForm, _pause,
         hint="Votre délai s'arrête ; celui promis au collège continue."),
    Move("resume", Gesture.RESUME, "reprendre", "Reprendre le dossier", "Reprendre le dossier",
         forms.PressForm, _resume),
    Move("correct", Gesture.CORRECT, "corriger", "Corriger les faits", "Corriger et décider de nouveau",
         forms.CorrectForm, _correct, _with_present_facts, apart=True,
         hint="Les règles décident de nouveau : le dossier peut changer d'équipe."),
    Move("raise", Gesture.RAISE, "alerter", "C'est un incident de sécurité", "Prévenir le RSSI",
         forms.RaiseForm, _raise, hint=_SECURITY_HINT),
    Move("transfer", Gesture.TRANSFER, "transmettre", "Transmettre à une autre équipe", "Transmettre",
         forms.TransferForm, _transfer, _with_references, apart=True,
         to_a_party=True, hint=_TRANSFER_HINT),
    Move("arbitrate", Gesture.ARBITRATE, "arbitrer", "Arbitrer", "Rendre l'arbitrage", forms.TransferForm, _arbitrate,
         _with_references, apart=True, to_a_party=True,
         hint="Votre décision met fin aux contestations sur ce dossier."),
    Move("link", Gesture.LINK, "doublon", "Signaler un doublon", "Rattacher", forms.LinkForm, _link,
         hint="Ce dossier-ci se termine ; la réponse continue dans l'autre."),
    Move("first_level", Gesture.FIRST_LEVEL, "premier-niveau", "Premier niveau fait", "Passer la main",
         forms.FirstLevelForm, _first_level, hint="Le dossier part vers l'équipe que désignent les règles."),
    Move("resolve", Gesture.RESOLVE, "resoudre", "Résoudre", "Marquer comme résolu", forms.ResolveForm, _resolve,
         hint="Le collège lit cette phrase, puis confirme ou rouvre."),
    Move("confirm", Gesture.CONFIRM, "confirmer", "Oui, c'est réglé", "Oui, c'est réglé", forms.PressForm, _confirm),
    Move("reopen", Gesture.REOPEN, "rouvrir", "Non, rouvrir le dossier", "Rouvrir", forms.ReopenForm, _reopen),
    Move("acknowledge", Gesture.ACKNOWLEDGE, "accuser-reception", "Accuser réception", "Accuser réception",
         forms.PressForm, _acknowledge),
    Move("log", Gesture.LOG, "consigner", "Consigner une action", "Consigner", forms.LogForm, _log),
    Move("admit", Gesture.ADMIT, "admettre", "Admettre un lecteur", "Admettre", forms.AdmitForm, _admit,
         hint="La personne doit avoir un compte actif. Elle lira toute l'alerte, sauf vos notes."),
    Move("exclude", Gesture.EXCLUDE, "direction", "Accès de la direction", "Enregistrer", forms.ExcludeForm, _exclude),
    Move("contain", Gesture.CONTAIN, "mesure", "Demander une mesure technique", "Demander la mesure",
         forms.ContainForm, _contain, _with_facts_of_a_measure, apart=True,
         hint="Un dossier lié part vers l'équipe technique. Il ne contient que ce que vous écrivez ici."),
    Move("note_data", Gesture.NOTE_DATA, "pris-connaissance", "J'en ai pris connaissance", "J'en ai pris connaissance",
         forms.PressForm, _note_data),
    Move("review", Gesture.REVIEW, "relu", "Rien d'inquiétant", "Rien d'inquiétant", forms.PressForm, _review),
)  # fmt: skip
BY_NAME: Mapping[str, Move] = {move.name: move for move in ALL}
