"""The words of the trade: frozen dataclasses and closed enums. Imports the standard library only."""
