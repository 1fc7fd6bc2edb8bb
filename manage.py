#!/usr/bin/env python3
"""The one door to the project: `python3 manage.py demo`, `test`, `lint` and every Django command.

Needs Python alone. The first step makes the virtual environment and installs the pinned dependencies; then Django runs.
This file and postpurchase/embedded/bootstrap.py must parse on Python 3.6: an old `python3` hands over to a newer one.
"""

import sys

from postpurchase.embedded import bootstrap

if __name__ == "__main__":
    bootstrap.enter(sys.argv)

    from postpurchase.embedded import door

    sys.exit(door.main(sys.argv))
