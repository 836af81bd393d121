"""What a person does with her own account: sign in, change or recover her password, end her sessions.

Passwords are hashed outside transactions: it takes a tenth of a second, and a transaction holds others up."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from router.desk import passwords
from router.desk.house import Desk
from router.model.actor import Actor, Invalid, NotFound, TooMany
from router.model.words import Institution, Party, Role
from router.notices.compose import NoticeFacts, NoticeKind, compose
from router.store import accounts as store
from router.store import outbox, sign_ins
from router.store.tables import Account

RESET_LIFE = timedelta(hours=1)
INVITATION_LIFE = timedelta(days=7)
# A whole collège, or a whole Département, may stand behind one address.
ADDRESS_FACTOR = 10
RESETS_PER_HOUR = 3
NOBODY = "public"
UNKNOWN_DEVICE = "Appareil non reconnu"

WRONG = "Adresse ou mot de passe incorrect."
LINK_OVER = (
    "Ce lien ne fonctionne plus : il a déjà servi, ou son délai est passé. "
    "Demandez-en un nouveau avec « Mot de passe oublié »."
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person, and the key of the session that has just begun for her."""

    actor: Actor
    key: str


def own_college(desk: Desk, actor: Actor) -> str:
    """The name of her collège; its UAI when it isn't known here, nothing for who has none."""
    if not actor.uai:
        return ""
    with desk.database.reading() as session:
        found = store.college(session, actor.uai)
    return found.name if found else actor.uai


def sign_in(
    desk: Desk, email: str, password: str, address: str, at: datetime, *, device: str = UNKNOWN_DEVICE
) -> SignedIn:
    """Opens a session, listed under the words of `device`.

    Raises Invalid (one sentence for an unknown account, a wrong password and a disabled account) and TooMany.

    The attempt is counted in a transaction of its own: it counts whatever follows."""
    email = normal(email)
    count_sign_in(desk, email, address, at)
    with desk.database.reading() as session:
        found = _active(store.by_email(session, email))
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        raise Invalid(WRONG)
    fresh_hash = passwords.hashed(password) if passwords.is_outdated(found.password_hash or "") else None
    with desk.database.writing() as session:
        account = _active(store.locked(session, found.id))
        if account is None or account.password_hash != found.password_hash:
            raise Invalid(WRONG)
        account.signed_in_at = at
        account.password_hash = fresh_hash or account.password_hash
        store.forgive(session, _pair_key(email, address))
        store.record(session, account.id, at, f"account:{account.id}", "signed_in", {})
        return SignedIn(actor_from(account), sign_ins.begin(session, account.id, device, at))


def change_password(
    desk: Desk,
    actor: Actor,
    current: str,
    new: str,
    address: str,
    at: datetime,
    *,
    device: str = UNKNOWN_DEVICE,
) -> SignedIn:
    """Every session of the account ends, and a new one begins where she is.

    Raises Invalid (on field `current_password` or `new_password`) and TooMany."""
    count_sign_in(desk, actor.email, address, at)
    with desk.database.reading() as session:
        before = _own(session, actor).password_hash
    if not passwords.matches(before, current):
        raise Invalid("Ce n'est pas votre mot de passe actuel.", "current_password")
    passwords.refuse_weak(new, actor.email)
    fresh = passwords.hashed(new)
    with desk.database.writing() as session:
        account = _own(session, actor, locked=True)
        if account.password_hash != before:
            raise Invalid("Ce n'est pas votre mot de passe actuel.", "current_password")
        _set_password(session, account, fresh, at)
        store.forgive(session, _pair_key(actor.email, address))
        store.record(session, account.id, at, actor.signature, "password_changed", {})
        return SignedIn(actor_from(account), sign_ins.begin(session, account.id, device, at))


def ask_reset(desk: Desk, email: str, address: str, at: datetime) -> None:
    """Sends a link to choose a new password, if the address has an account: the answer says neither.

    Raises TooMany when one address asks again and again, whoever for."""
    email = normal(email)
    hour = timedelta(hours=1)
    with desk.database.writing() as session:
        asked = store.count_attempt(session, f"reset|{email}", _window(at, hour))
        from_there = store.count_attempt(session, f"reset-from|{address}", _window(at, hour))
        account = _active(store.by_email(session, email))
        if account is not None and asked <= RESETS_PER_HOUR and from_there <= _per_address(desk):
            _send_link(desk, session, account, NoticeKind.PASSWORD_RESET, RESET_LIFE, at)
            store.record(session, account.id, at, NOBODY, "reset_asked", {})
    if from_there > _per_address(desk):
        raise TooMany("Trop de demandes depuis cette connexion. Réessayez dans une heure.")


def check_link(desk: Desk, token: str, at: datetime) -> str:
    """The address whose password a link lets one choose. Raises NotFound when the link doesn't work any more."""
    with desk.database.reading() as session:
        account = store.account_of_reset(session, passwords.token_hash(token), at)
    if account is None:
        raise NotFound(LINK_OVER)
    return account.email


def reset_password(desk: Desk, token: str, new: str, at: datetime) -> None:
    """Spends the link; every session and every other link of the account ends. Raises Invalid, NotFound."""
    passwords.refuse_weak(new, check_link(desk, token, at))
    fresh = passwords.hashed(new)
    with desk.database.writing() as session:
        account_id = store.use_reset(session, passwords.token_hash(token), at)
        account = _active(store.locked(session, account_id)) if account_id else None
        if account is None:
            raise NotFound(LINK_OVER)
        _set_password(session, account, fresh, at)
        store.record(session, account.id, at, f"account:{account.id}", "password_reset", {})


def demo_accounts(desk: Desk) -> list[Actor]:
    """One person per role, party and institution, for whoever tries the demonstration: a rule needs both to agree."""
    if not desk.settings.demo:
        return []
    with desk.database.reading() as session:
        return [actor_from(account) for account in store.first_of_each_role(session)]


def sweep_attempts(desk: Desk, at: datetime) -> int:
    """Removes the counts of days past; how many. For the worker, once a day."""
    with desk.database.writing() as session:
        return store.sweep_attempts(session, at - timedelta(days=1))


def count_sign_in(desk: Desk, email: str, address: str, at: datetime) -> None:
    """Counts one attempt for the account from this address, and for the address. Raises TooMany over the limit."""
    window = timedelta(minutes=desk.settings.login_window_minutes)
    start = _window(at, window)
    with desk.database.writing() as session:
        together = store.count_attempt(session, _pair_key(email, address), start)
        from_there = store.count_attempt(session, f"sign-in-from|{address}", start)
    if together > desk.settings.login_attempts or from_there > _per_address(desk):
        minutes = max(1, int((start + window - at).total_seconds() // 60) + 1)
        raise TooMany(
            f"Trop d'essais de connexion. Réessayez dans {minutes} min, ou choisissez un nouveau mot de passe."
        )


def invite(desk: Desk, session: Session, account: Account, at: datetime) -> None:
    """Sends the link with which a person chooses her first password."""
    _send_link(desk, session, account, NoticeKind.INVITATION, INVITATION_LIFE, at)


def normal(email: str) -> str:
    """An address as accounts keep it."""
    return email.strip().lower()


def actor_from(account: Account | store.Identity) -> Actor:
    return Actor(
        id=account.id,
        name=account.name,
        email=account.email,
        role=Role(account.role),
        duty=account.duty,
        party=Party(account.party) if account.party else None,
        institution=Institution(account.institution) if account.institution else None,
        convention_id=account.convention_id,
        uai=account.uai,
        security_contact=account.security_contact,
        coordinator=account.coordinator,
        deputy=account.deputy,
    )


def _send_link(
    desk: Desk, session: Session, account: Account, kind: NoticeKind, life: timedelta, at: datetime
) -> None:
    token = passwords.new_token()
    digest = passwords.token_hash(token)
    store.add_reset(session, digest, account.id, at + life)
    link = f"{desk.settings.public_url}/mot-de-passe/{token}"
    message = compose(kind, NoticeFacts(link=link, at=at, zone=desk.settings.timezone, limit_at=at + life))
    notice = outbox.NewNotice(
        key=f"{kind.value}/{digest[:32]}",
        account_id=account.id,
        party="",
        address=account.email,
        kind=kind.value,
        subject=message.subject,
        body=message.text,
        urgent=True,
        created_at=at,
        next_try_at=at,
    )
    outbox.enqueue(session, [notice])


def _set_password(session: Session, account: Account, fresh_hash: str, at: datetime) -> None:
    account.password_hash = fresh_hash
    store.drop_resets(session, account.id)
    sign_ins.end_all(session, account.id, at)


def _own(session: Session, actor: Actor, *, locked: bool = False) -> Account:
    account = _active((store.locked if locked else store.by_id)(session, actor.id))
    if account is None:
        raise NotFound("Ce compte n'est plus actif.")
    return account


def _active(account: Account | None) -> Account | None:
    return account if account is not None and account.active else None


def _pair_key(email: str, address: str) -> str:
    return f"sign-in|{email[:320]}|{address}"


def _per_address(desk: Desk) -> int:
    return desk.settings.login_attempts * ADDRESS_FACTOR


def _window(at: datetime, length: timedelta) -> datetime:
    """The start of the fixed window `at` falls in."""
    seconds = int(length.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
