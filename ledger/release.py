"""Which release this is: what is made, folded or judged says by which it was.

Told here and not asked of the installed package, for finding that out takes as long as click does.
"""

from __future__ import annotations

import sys

VERSION = "0.1.0"


def installing(extra: str) -> str:
    """Return the command that installs what a part needs that not everybody installs.

    It is typed as it stands: what the extra holds is named, for the software itself may have been
    installed from anywhere, and by the Python that runs it.
    """
    # Only where something is missing.
    import re  # noqa: PLC0415
    import shlex  # noqa: PLC0415
    from importlib.metadata import requires  # noqa: PLC0415

    of_extra = re.compile(rf"""(?P<what>[^;]+?) *; *extra == ['"]{extra}['"]""")
    found = map(of_extra.fullmatch, requires("school-ledger") or ())
    named = sorted(match["what"] for match in found if match is not None)
    return shlex.join([sys.executable, "-m", "pip", "install", *named])
