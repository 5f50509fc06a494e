"""Opens spreadsheets in LibreOffice, out of sight, and prints how each sheet is seen there.

    python3 tests/in_libreoffice.py FOLDER FILE.ods…

It is run by the Python that has `uno`, which is the system's (python3-uno). For each file, a line
of JSON: by sheet, how many rows stay in sight, and the second row's cells with their types.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException

_TRIES, _PAUSE = 240, 0.25


def main():
    folder, *files = map(Path, sys.argv[1:])
    pipe = f"school-ledger-{os.getpid()}"
    office = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        desktop = _desktop(pipe)
        for file in files:
            print(json.dumps(_seen(desktop, file)))  # noqa: T201 - what the test reads
        with contextlib.suppress(DisposedException):  # it may be gone before it has answered
            desktop.terminate()
        office.wait(timeout=60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(office.pid, signal.SIGKILL)


def _desktop(pipe):
    resolver = uno.getComponentContext().ServiceManager.createInstance(
        "com.sun.star.bridge.UnoUrlResolver"
    )
    for _ in range(_TRIES):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(_PAUSE)
        else:
            return context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    raise SystemExit("LibreOffice did not start")


def _seen(desktop, file):
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    document = desktop.loadComponentFromURL(file.as_uri(), "_blank", 0, (hidden,))
    controller, found = document.CurrentController, {}
    for name in document.Sheets.ElementNames:
        sheet = document.Sheets.getByName(name)
        controller.setActiveSheet(sheet)
        cells = [sheet.getCellByPosition(column, 2) for column in range(40)]
        found[name] = {
            "frozen": controller.SplitRow if controller.hasFrozenPanes() else 0,
            "cells": [(cell.Type.value, cell.String) for cell in cells],
        }
    document.close(True)
    return found


main()
