"""The front door: without a verb it opens the screens, with one it hands over to the headless verbs."""

from __future__ import annotations

import sys

from console.__main__ import main as headless


def main() -> int:
    """Run the command ``wanjia`` and return its exit status."""
    return headless(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
