"""Every address of the web application has its guard, or is on this short public list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from router.settings import Settings, demo_settings
from tests.databases import Databases
from web import create_app

# Each one is open on purpose. A new one is added here by hand, and seen in review.
PUBLIC = frozenset(
    {
        "static",
        "home.index",
        "home.accessibility",
        "home.privacy",
        "home.licence",
        "home.robots",
        "operations.health",
        "operations.metrics",  # its own token, or no page
        "account.sign_in",
        "account.sign_in_now",
        "account.sign_out",
        "account.resume",
        "account.forgotten",
        "account.forgotten_now",
        "account.reset",
        "account.reset_now",
        "rules.ask",
        "rules.read",
        "rules.table",
        "rules.rule",
        "rules.article",
        "explain.attempt",
        "explain.zones",
        "explain.agenda",
        "history.index",
        "history.archive",
        "annexes.download",
        "annexes.raci",
        "annexes.simplified",
    }
)
SAMPLE_ARGUMENTS = {
    "IntegerConverter": 1,
    "KeyConverter": 1,
    "UUIDConverter": "00000000-0000-4000-8000-000000000000",
}
REFUSALS = {302, 303, 400, 401, 403}


@pytest.fixture(scope="module")
def application(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    url = databases.migrated("sqlite")
    folder: Path = tmp_path_factory.mktemp("routes")
    yield create_app(demo_settings(Settings(database=url, data_folder=folder)))
    databases.drop(url)


def guard_of(application: Flask, rule: Rule) -> object:
    return getattr(application.view_functions[rule.endpoint], "access", None)


def open_to_all(application: Flask, rule: Rule) -> bool:
    return rule.endpoint == "static" or guard_of(application, rule) == "public"


def test_every_route_has_its_guard(application: Flask) -> None:
    rules = list(application.url_map.iter_rules())
    unguarded = [
        each.rule for each in rules if not open_to_all(application, each) and not guard_of(application, each)
    ]
    assert len(rules) > 1
    assert unguarded == []


def test_the_public_ones_are_listed_here(application: Flask) -> None:
    public = {each.endpoint for each in application.url_map.iter_rules() if open_to_all(application, each)}
    assert public == PUBLIC


def test_a_guarded_address_tells_nothing_to_whoever_is_not_signed_in(application: Flask) -> None:
    client = application.test_client()
    told = {}
    for rule in application.url_map.iter_rules():
        if open_to_all(application, rule):
            continue
        path = sample_path(rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            status = client.open(path, method=method).status_code
            if status not in REFUSALS:
                told[f"{method} {path}"] = status
    assert told == {}


def sample_path(rule: Rule) -> str:
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    values = {name: SAMPLE_ARGUMENTS.get(kind, "x") for name, kind in kinds.items()}
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule.rule
    return built[1]
