"""`kneadwork`: the one program."""

import os
import sys


def main() -> None:
    """Run a command and leave with its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kneadwork.settings")
    from kneadwork.cli.program import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
