"""The pages: parse, call one use case, render. No rule, no SQL, no store here."""

from web.app import create_app

__all__ = ["create_app"]
