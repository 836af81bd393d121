"""Every documented setting is real and every real one documented; a faulty file is refused with its mend."""

import ast
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from router.settings import (
    DATABASE_VARIABLE,
    SECRET_KEY_VARIABLE,
    SETTING_NAMES,
    MailMode,
    Settings,
    SettingsError,
    demo_settings,
    load_settings,
    secret_key,
    smtp_password,
)

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "config.example.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings(written(folder, text), {})
    return [str(fault).removeprefix(f"{folder}/") for fault in refused.value.faults]


def test_the_example_documents_every_setting_and_no_other() -> None:
    documented = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert list(documented) == list(SETTING_NAMES)


def test_the_example_gives_each_default() -> None:
    from_example = load_settings(EXAMPLE, {})
    defaults = Settings(data_folder=ROOT / "data", source=str(EXAMPLE))
    assert from_example == defaults


def test_each_setting_of_the_example_has_its_sentence() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    settings = [number for number, line in enumerate(lines) if line and not line.startswith("#")]
    bare = [lines[number] for number in settings if not lines[number - 1].rstrip().endswith((".", "»"))]
    assert bare == []


def test_every_setting_is_used_by_the_program() -> None:
    sources = [path for room in ("router", "web") for path in (ROOT / room).rglob("*.py")]
    used: set[str] = set()
    for path in sources:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for page in (ROOT / "web").rglob("*.html"):
        used |= set(re.findall(r"\bsettings\.(\w+)", page.read_text(encoding="utf-8")))
    assert sorted(set(SETTING_NAMES) - used) == []


def test_without_a_file_the_defaults_make_an_sqlite_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.database_url == "sqlite:///data/aiguillage.sqlite3"
    assert settings.zone.key == "Europe/Paris"


def test_the_file_is_the_one_named_then_the_variables_then_the_one_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("port = 8001")
    (tmp_path / "variable.toml").write_text("port = 8002")
    (tmp_path / "named.toml").write_text("port = 8003")
    env = {"AIGUILLAGE_CONFIG": "variable.toml"}
    ports = [load_settings(Path("named.toml"), env).port, load_settings(None, env).port]
    assert [*ports, load_settings(None, {}).port] == [8003, 8002, 8001]


def test_paths_start_from_the_folder_of_the_file(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, 'data_folder = "d"\nrules_folder = "/srv/rules"'), {})
    assert settings.data_folder == tmp_path / "d"
    assert settings.rules_folder == Path("/srv/rules")
    assert settings.database_url == f"sqlite:///{tmp_path}/d/aiguillage.sqlite3"


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("postgresql://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql+psycopg://a@b/c", "postgresql+psycopg://a@b/c"),
        ("sqlite:////srv/a.db", "sqlite:////srv/a.db"),
        ("sqlite:///a.db", "sqlite:///{folder}/a.db"),
    ],
)
def test_a_database_address_is_understood(tmp_path: Path, given: str, understood: str) -> None:
    settings = load_settings(written(tmp_path, f'database = "{given}"'), {})
    assert settings.database_url == understood.format(folder=tmp_path)


def test_the_environment_may_give_the_database(tmp_path: Path) -> None:
    env = {DATABASE_VARIABLE: "postgresql://a:secret@b/c"}
    settings = load_settings(written(tmp_path, "port = 1"), env)
    assert settings.database_url == "postgresql+psycopg://a:secret@b/c"
    with pytest.raises(SettingsError, match=DATABASE_VARIABLE):
        load_settings(None, {DATABASE_VARIABLE: "mysql://a:secret@b/c"})


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "# essai\nport = 8080\nsesion_hours = 3\n[mail]\nhost = 'x'\n")
    assert faults == [
        "config.toml:3 : réglage inconnu « sesion_hours » ; vouliez-vous écrire « session_hours » ?",
        "config.toml:4 : réglage inconnu « mail » ; vouliez-vous écrire « mail_mode » ?",
    ]


def test_a_name_inside_a_text_is_not_taken_for_the_setting(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, 'smtp_user = """\nport = 1"""\nport = 0\n')
    assert fault.startswith("config.toml:3 : « port »")


def test_a_password_never_leaves_in_clear(tmp_path: Path) -> None:
    away = 'smtp_user = "agent"\nsmtp_host = "mail.example.org"\n'
    [fault] = faults_of(tmp_path, away)
    assert fault.startswith(
        "config.toml:1 : le mot de passe partirait en clair vers mail.example.org : smtp_tls doit"
    )
    for kind in ("starttls", "tls"):
        assert load_settings(written(tmp_path, away + f'smtp_tls = "{kind}"\n'), {}).smtp_user == "agent"
    here = 'smtp_user = "agent"\nsmtp_host = "127.0.0.1"\n'
    assert load_settings(written(tmp_path, here), {}).smtp_user == "agent"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("port = 99999", "« port » attend un nombre entier de 1 à 65535, et non 99999"),
        ("port = true", "« port » attend un nombre entier de 1 à 65535, et non True"),
        ("demo = 1", "« demo » attend true ou false, et non 1"),
        ('smtp_tls = "ssl"', '« smtp_tls » attend "none" ou "starttls" ou "tls", et non \'ssl\''),
        ("data_folder = 3", "« data_folder » attend un chemin entre guillemets, et non 3"),
        ('attachment_kinds = ""', "« attachment_kinds » attend une liste de mots, comme [\"pdf\"], et non ''"),
        ('timezone = "Paris"', "« timezone » : fuseau inconnu « Paris » ; par exemple Europe/Paris"),
        ('timezone = "localtime"', "« timezone » : fuseau inconnu « localtime » ; par exemple Europe/Paris"),
        ('public_url = "a"', "« public_url » attend une adresse en http:// ou https://, et non 'a'"),
        ('mail_sender = "moi"', "« mail_sender » attend une adresse de messagerie, et non 'moi'"),
        ('host = ""', "« host » attend un nom de machine ou une adresse, et non ''"),
        ("port = 80 80", 'ligne incomprise ; on attend nom = valeur, les textes entre "guillemets"'),
    ],
)  # fmt: skip
def test_an_unusable_value_is_refused_with_its_line(tmp_path: Path, line: str, sentence: str) -> None:
    assert faults_of(tmp_path, f"\n{line}\n") == [f"config.toml:2 : {sentence}"]


def test_a_refused_database_address_is_not_repeated_since_it_may_hold_a_password(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, 'database = "mysql://moi:motdepasse@b/c"')
    assert "motdepasse" not in fault
    assert "postgresql+psycopg://" in fault


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    assert len(faults_of(tmp_path, "port = 0\nweb_threads = 0\nnimporte = 1\n")) == 3


def test_a_missing_file_and_a_file_in_another_encoding_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="fichier illisible"):
        load_settings(tmp_path / "absent.toml", {})
    path = tmp_path / "cp1252.toml"
    path.write_bytes('smtp_user = "é"'.encode("cp1252"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(path, {})


def test_there_is_no_secret_key_by_default(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="secret_key_file"):
        secret_key(Settings(data_folder=tmp_path), {})


def test_the_secret_key_comes_from_the_environment_then_its_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("f" * 40 + "\n")
    settings = Settings(secret_key_file=path)
    assert secret_key(settings, {}) == "f" * 40
    assert secret_key(settings, {SECRET_KEY_VARIABLE: "e" * 32}) == "e" * 32
    with pytest.raises(SettingsError, match="32"):
        secret_key(settings, {SECRET_KEY_VARIABLE: "court"})
    with pytest.raises(SettingsError, match="secret"):
        secret_key(replace(settings, secret_key_file=tmp_path / "absent"), {})


def test_the_demonstration_makes_one_key_keeps_it_and_hides_it(tmp_path: Path) -> None:
    settings = demo_settings(Settings(data_folder=tmp_path / "data"))
    first = secret_key(settings, {})
    assert len(first) >= 32
    assert secret_key(settings, {}) == first
    assert [path.name for path in settings.data_folder.iterdir()] == ["secret_key"]
    assert (settings.data_folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert settings.mail_mode is MailMode.KEEP


def test_the_smtp_password_is_read_from_its_file_or_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("motdepasse\n")
    settings = Settings(smtp_password_file=path)
    assert smtp_password(Settings(), {}) is None
    assert smtp_password(settings, {}) == "motdepasse"
    assert smtp_password(settings, {"AIGUILLAGE_SMTP_PASSWORD": "autre"}) == "autre"


def test_a_token_easily_guessed_is_refused_and_not_repeated(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, 'metrics_token = "secret"\n')
    assert "16 caractères" in fault
    assert "secret" not in fault
    path = written(tmp_path, 'metrics_token = "un-jeton-de-mesure"\n')
    assert load_settings(path, {}).metrics_token == "un-jeton-de-mesure"
