"""Makes click speak French: its help pages, and what it says of a mistaken call."""

import click

from router.model.spelling import nearest_word
from router.settings import SettingsError

HELP = "Affiche cette aide."


class _Formatter(click.HelpFormatter):
    """Help pages with French headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args.replace("COMMAND [ARGS]...", "COMMANDE …"), prefix or "Usage : ")

    def write_heading(self, heading: str) -> None:
        super().write_heading("Commandes" if heading == "Commands" else heading)


class _Context(click.Context):
    formatter_class = _Formatter


class FrenchCommand(click.Command):
    """A command whose help is French."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP
        return option


class FrenchGroup(FrenchCommand, click.Group):
    """A family of commands whose help is French."""

    command_class = FrenchCommand


def said(error: click.ClickException | SettingsError) -> str:
    """What to print of a mistaken call or configuration, and how to mend it."""
    if isinstance(error, SettingsError | click.exceptions.NoArgsIsHelpError):
        return str(error)
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"\nAide : {context.command_path} --help" if context else ""
    return f"{_sentence(error)}{hint}"


def _sentence(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return (
                f"L'option {error.option_name} n'existe pas{_or(next(iter(error.possibilities or ()), None))}."
            )
        case click.exceptions.NoSuchCommand():
            return f"La commande « {error.command_name} » n'existe pas{_or(_near(error))}."
        case click.BadOptionUsage():
            return f"L'option {error.option_name} est mal employée : donnez sa valeur juste après elle."
        case click.BadParameter():
            return _parameter(error)
        case _:
            return error.message


def _parameter(error: click.BadParameter) -> str:
    if isinstance(error, click.MissingParameter):
        return f"Il manque {_name(error)}."
    return f"{_name(error)} : {_detail(error)}"


def _near(error: click.exceptions.NoSuchCommand) -> str | None:
    """click looks among the commands it holds; ours are found by name only."""
    if error.ctx is None or not isinstance(error.ctx.command, click.Group):
        return None
    return nearest_word(error.command_name, error.ctx.command.list_commands(error.ctx))


def _or(word: str | None) -> str:
    return f" ; vouliez-vous {word} ?" if word else ""


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return "un argument"
    return (
        error.param.opts[0] if isinstance(error.param, click.Option) else str(error.param.human_readable_name)
    )


def _detail(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    match kind:
        case click.Choice():
            return f"choisissez parmi {', '.join(map(str, kind.choices))}."
        case click.Path():
            return "ce chemin n'existe pas, ou ne peut pas être lu."
        case click.DateTime():
            return "donnez une date comme 2026-09-01."
        case click.IntRange():
            return f"donnez un nombre entier de {kind.min} à {kind.max}."
        case _:
            return error.message
