"""What one installation may choose: each setting, its default, and the reading of `config.toml`.

A faulty file is refused whole, every fault with its line and its mend. Secrets are never settings: a setting
names the file that holds one, and the environment may give it instead.
"""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from re import search
from tempfile import NamedTemporaryFile
from typing import assert_never
from zoneinfo import ZoneInfo

from router.documents.document import Document, ExcessiveDocument, UnreadableDocument, parse_document
from router.model.spelling import nearest_word
from router.model.zones import zone_named

SHIPPED_RULES = Path(__file__).resolve().parent.parent / "rules"
EMBEDDED = "réglages par défaut"
SECRET_KEY_VARIABLE = "AIGUILLAGE_SECRET_KEY"  # noqa: S105  # a name, no secret
SMTP_PASSWORD_VARIABLE = "AIGUILLAGE_SMTP_PASSWORD"  # noqa: S105  # a name, no secret
DATABASE_VARIABLE = "AIGUILLAGE_DATABASE"


class Synchronous(StrEnum):
    """How hard SQLite waits for the disk at each commit."""

    FULL = "FULL"
    NORMAL = "NORMAL"


class MailMode(StrEnum):
    """Where notices go: to an SMTP server, or kept in the database and read in a page."""

    SMTP = "smtp"
    KEEP = "keep"


class SmtpTls(StrEnum):
    """How the connection to the SMTP server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Accessibility(StrEnum):
    """The legal mention on every page; without an audit of the RGAA, only the first may be said."""

    NONE = "non conforme"
    PARTIAL = "partiellement conforme"
    FULL = "totalement conforme"


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One thing to mend in the configuration: in a file, a line of it, or a variable of the environment."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place} : {self.message}"


class SettingsError(Exception):
    """The configuration cannot be used; `faults` says where and how to mend it, in French."""

    def __init__(self, faults: Sequence[SettingFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's choices. Units are in the names; `config.example.toml` says what each one is for.

    Paths given in a file start from that file's folder; the defaults start from the working folder.
    """

    demo: bool = False
    database: str = ""
    sqlite_synchronous: Synchronous = Synchronous.FULL
    data_folder: Path = Path("data")
    rules_folder: Path = SHIPPED_RULES
    timezone: str = "Europe/Paris"
    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2
    web_threads: int = 4
    trusted_proxies: int = 0
    secret_key_file: Path | None = None
    session_hours: int = 10
    login_attempts: int = 10
    login_window_minutes: int = 15
    attachment_max_mb: int = 10
    attachment_kinds: tuple[str, ...] = ("pdf", "png", "jpg", "webp", "txt", "csv", "odt", "docx")
    mail_mode: MailMode = MailMode.SMTP
    mail_sender: str = "aiguillage@localhost"
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_tls: SmtpTls = SmtpTls.NONE
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    worker_tick_seconds: int = 10
    metrics_token: str = ""
    retention_months: int = 24
    alert_retention_months: int = 60
    decision_retention_months: int = 60
    accessibility: Accessibility = Accessibility.NONE
    source: str = field(default=EMBEDDED, kw_only=True)
    """The file these settings came from; not a setting itself."""

    @property
    def database_url(self) -> str:
        """The database's address: the one chosen, else an SQLite file in the data folder."""
        return self.database or f"sqlite:///{self.data_folder / 'aiguillage.sqlite3'}"

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file; None for another engine."""
        file = self.database_url.removeprefix("sqlite:///")
        return None if file == self.database_url else Path(file)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the territory's civil dates."""
        return ZoneInfo(self.timezone)


SETTING_NAMES = tuple(each.name for each in fields(Settings) if each.name != "source")
_DEFAULTS = Settings()
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_PATHS = ("data_folder", "rules_folder", "secret_key_file", "smtp_password_file")
_ENUMS: Mapping[str, type[StrEnum]] = {
    "sqlite_synchronous": Synchronous,
    "mail_mode": MailMode,
    "smtp_tls": SmtpTls,
    "accessibility": Accessibility,
}
_RANGES: Mapping[str, tuple[int, int]] = {
    "port": (1, 65535),
    "web_workers": (1, 64),
    "web_threads": (1, 64),
    "trusted_proxies": (0, 5),
    "session_hours": (1, 24),
    "login_attempts": (3, 100),
    "login_window_minutes": (1, 1440),
    "attachment_max_mb": (1, 100),
    "smtp_port": (1, 65535),
    "worker_tick_seconds": (1, 60),
    "retention_months": (1, 120),
    "alert_retention_months": (1, 240),
    "decision_retention_months": (1, 240),
}


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """The settings of `path`, else of AIGUILLAGE_CONFIG, else of `./config.toml`, else the embedded defaults.

    Raises SettingsError when the file named is missing, is not TOML, or holds an unknown or unusable setting.
    """
    chosen = path or _path_in(env) or _path_here()
    settings = Settings() if chosen is None else _read(chosen)
    address = env.get(DATABASE_VARIABLE, "").strip()
    if not address:
        return settings
    fault = _database_fault(address)
    if fault is not None:
        raise SettingsError([SettingFault(DATABASE_VARIABLE, None, fault)])
    return replace(settings, database=_database_under(Path.cwd(), address))


def demo_settings(settings: Settings) -> Settings:
    """The same installation as a demonstration: notices are kept, and the secret key makes itself."""
    return replace(settings, demo=True, mail_mode=MailMode.KEEP)


def secret_key(settings: Settings, env: Mapping[str, str]) -> str:
    """The key that signs sessions and forms: the environment's, else the file's; only the demo makes its own.

    Raises SettingsError when there is none, or it is shorter than 32 characters.
    """
    given = env.get(SECRET_KEY_VARIABLE, "").strip()
    if given:
        return _strong(given, SECRET_KEY_VARIABLE)
    if settings.secret_key_file is not None:
        return _strong(_secret_in(settings.secret_key_file), str(settings.secret_key_file))
    if settings.demo:
        return _demo_key(settings.data_folder / "secret_key")
    mend = (
        "il manque la clé secrète qui signe les sessions : écrivez au moins 32 caractères tirés au hasard "
        "dans un fichier que seul le service peut lire, et nommez-le dans « secret_key_file », "
        f"ou donnez la variable {SECRET_KEY_VARIABLE}"
    )
    raise SettingsError([SettingFault(settings.source, None, mend)])


def smtp_password(settings: Settings, env: Mapping[str, str]) -> str | None:
    """The password for the SMTP server, from the environment, else its file; None where neither is given.

    Raises SettingsError when the file named cannot be read.
    """
    given = env.get(SMTP_PASSWORD_VARIABLE)
    if given:
        return given
    return None if settings.smtp_password_file is None else _secret_in(settings.smtp_password_file)


def _path_in(env: Mapping[str, str]) -> Path | None:
    named = env.get("AIGUILLAGE_CONFIG", "").strip()
    return Path(named) if named else None


def _path_here() -> Path | None:
    here = Path("config.toml")
    return here if here.is_file() else None


def _read(path: Path) -> Settings:
    try:
        document = parse_document(str(path), path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError([SettingFault(str(path), None, f"fichier illisible ({error.strerror})")]) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            [SettingFault(str(path), None, "ce fichier n'est pas enregistré en UTF-8")]
        ) from error
    except ExcessiveDocument as error:
        raise SettingsError([SettingFault(str(path), error.place.line, str(error))]) from error
    except UnreadableDocument as error:
        mend = 'ligne incomprise ; on attend nom = valeur, les textes entre "guillemets"'
        raise SettingsError([SettingFault(str(path), error.place.line, mend)]) from error
    return _settings_from(path, document)


def _settings_from(path: Path, document: Document) -> Settings:
    folder = path.resolve().parent
    values: dict[str, object] = {}
    faults: list[SettingFault] = []
    for name, value in document.data.items():
        try:
            values[name] = _value(name, value, folder)
        except ValueError as error:
            faults.append(SettingFault(str(path), document.key_place((name,)).line, str(error)))
    if faults:
        raise SettingsError(faults)
    values.setdefault("data_folder", folder / _DEFAULTS.data_folder)
    settings = Settings(**values, source=str(path))  # type: ignore[arg-type]  # each value was checked against its field
    if settings.smtp_user and settings.smtp_tls is SmtpTls.NONE and settings.smtp_host not in _THIS_MACHINE:
        mend = (
            f"le mot de passe partirait en clair vers {settings.smtp_host} : smtp_tls doit être starttls ou tls"
        )
        raise SettingsError([SettingFault(str(path), document.key_place(("smtp_user",)).line, mend)])
    return settings


def _value(name: str, value: object, folder: Path) -> object:
    if name not in SETTING_NAMES:
        raise ValueError(f"réglage inconnu « {name} »{_nearest(name, SETTING_NAMES)}")
    if name in _PATHS:
        return _path_value(name, value, folder)
    if name in _ENUMS:
        return _enum_value(name, value, _ENUMS[name])
    match getattr(_DEFAULTS, name):
        case bool():
            return _expect(name, value, isinstance(value, bool), "true ou false")
        case int():
            return _number_value(name, value)
        case tuple():
            return _list_value(name, value)
        case str():
            return _text_value(name, value, folder)
        case unexpected:
            assert_never(unexpected)


def _expect(name: str, value: object, right: bool, wanted: str) -> object:
    if not right:
        raise ValueError(f"« {name} » attend {wanted}, et non {value!r}")
    return value


def _path_value(name: str, value: object, folder: Path) -> Path | None:
    _expect(name, value, isinstance(value, str), "un chemin entre guillemets")
    if value:
        return folder / str(value)
    default: Path | None = getattr(_DEFAULTS, name)
    return default


def _enum_value(name: str, value: object, kind: type[StrEnum]) -> StrEnum:
    choices = [str(each) for each in kind]
    _expect(name, value, value in choices, " ou ".join(f'"{choice}"' for choice in choices))
    return kind(str(value))


def _number_value(name: str, value: object) -> int:
    low, high = _RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"« {name} » attend un nombre entier de {low} à {high}, et non {value!r}")
    return value


def _list_value(name: str, value: object) -> tuple[str, ...]:
    texts = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
    _expect(name, value, texts, 'une liste de mots, comme ["pdf"]')
    return tuple(str(each).lower().lstrip(".") for each in value)  # type: ignore[attr-defined]  # checked just above


def _text_value(name: str, value: object, folder: Path) -> str:
    _expect(name, value, isinstance(value, str), "un texte entre guillemets")
    text = str(value).strip()
    match name:
        case "database":
            fault = _database_fault(text) if text else None
            if fault is not None:
                raise ValueError(fault)
            return _database_under(folder, text)
        case "timezone":
            return _known_zone(text)
        case "public_url":
            _expect(name, value, text.startswith(("http://", "https://")), "une adresse en http:// ou https://")
            return text.rstrip("/")
        case "mail_sender":
            _expect(name, value, search(r"^[^@\s]+@[^@\s]+$", text) is not None, "une adresse de messagerie")
            return text
        case "metrics_token" if 0 < len(text) < 16:
            raise ValueError("« metrics_token » attend 16 caractères au moins, tirés au hasard")
        case "host" | "smtp_host":
            _expect(name, value, text != "", "un nom de machine ou une adresse")
            return text
        case _:
            return text


def _known_zone(text: str) -> str:
    try:
        zone_named(text)
    except ValueError as error:
        message = f"« timezone » : fuseau inconnu « {text} » ; par exemple Europe/Paris"
        raise ValueError(message) from error
    return text


def _database_fault(address: str) -> str | None:
    if address.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        return None
    # The address may hold a password: it is never repeated.
    return "« database » attend sqlite:///chemin/du/fichier ou postgresql+psycopg://compte@machine/base"


def _database_under(folder: Path, address: str) -> str:
    """The address with its driver named, and an SQLite path made relative to `folder`."""
    if address.startswith("postgresql://"):
        return address.replace("postgresql://", "postgresql+psycopg://", 1)
    file = address.removeprefix("sqlite:///")
    if file == address or file in ("", ":memory:"):
        return address
    return f"sqlite:///{folder / file}"


def _nearest(name: str, known: Sequence[str]) -> str:
    near = nearest_word(name, known)
    return f" ; vouliez-vous écrire « {near} » ?" if near else ", voir config.example.toml"


def _secret_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            [SettingFault(str(path), None, "ce fichier de secret ne peut pas être lu")]
        ) from error


def _strong(key: str, origin: str) -> str:
    if len(key) < 32:
        raise SettingsError(
            [SettingFault(origin, None, "la clé secrète est trop courte : il faut au moins 32 caractères")]
        )
    return key


def _demo_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside, then linked: web server and worker may start at the same instant, and one key must win.
    with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as draft:
        draft.write(secrets.token_urlsafe(48))
        draft.flush()
        with suppress(FileExistsError):
            path.hardlink_to(draft.name)
    return _secret_in(path)
