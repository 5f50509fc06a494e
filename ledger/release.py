"""Which release this is: what is made, folded or judged says by which it was.

Told here and not asked of the installed package, for finding that out takes as long as click does.
"""

VERSION = "0.1.0"
