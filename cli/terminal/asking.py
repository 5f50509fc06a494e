"""Asking people, only where there is a terminal to ask on."""

from __future__ import annotations

import sys
from collections.abc import Callable
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
