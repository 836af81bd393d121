"""What a faulty line of a JSON Lines command says back: one French sentence, and the field it is about."""


class LineError(ValueError):
    """A line that can't be answered. `message` is for a person, in French; `field` is the dotted name of
    the field at fault (« facts.asset_owner »), or None when the line as a whole is."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
