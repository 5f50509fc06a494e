"""Asking people, only where there is a terminal to ask on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click


def interactive() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str) -> bool:
    """Ask a yes or no question on a terminal; elsewhere the answer is no."""
    return interactive() and click.confirm(question, err=True)


def passphrase() -> Callable[[str], str] | None:
    """Return how to ask for a passphrase; None where there is nobody to ask."""
    return _hidden if interactive() else None


def _hidden(prompt: str) -> str:
    return str(click.prompt(prompt.rstrip(": "), hide_input=True, err=True))


def new_passphrase() -> str:
    """Ask twice for the passphrase of a new key; an empty one means none."""
    return str(
        click.prompt(
            "Passphrase for the new key (empty for none)",
            hide_input=True,
            confirmation_prompt=True,
            default="",
            show_default=False,
            err=True,
        )
    )


def value(prompt: str, kind: Any = str, default: Any = None) -> Any:
    """Ask for one value."""
    return click.prompt(prompt, type=kind, default=default, err=True)


def one_of(prompt: str, words: Sequence[str], default: str | None = None) -> str:
    """Ask for one of many words, by word or by its number in a list that is shown."""
    for number, word in enumerate(words, start=1):
        click.echo(f"{number:>4}  {word}", err=True)

    def meant(text: str) -> str:
        text = text.strip()
        if text.isdecimal() and 1 <= int(text) <= len(words):
            return words[int(text) - 1]
        if text not in words:
            raise click.UsageError(f"{text!r} is no word of the list, nor a number of it.")
        return text

    return str(click.prompt(prompt, default=default, value_proc=meant, err=True))
