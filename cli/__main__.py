"""`python -m cli` is `school-ledger`."""

from __future__ import annotations

from cli.main import main

main(prog_name="school-ledger")
