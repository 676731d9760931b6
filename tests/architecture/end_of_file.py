"""Checks that the files named end with exactly one line break; used before each commit."""

from __future__ import annotations

import sys
from pathlib import Path


def is_ended(content: bytes) -> bool:
    return not content or (content.endswith(b"\n") and not content.endswith(b"\n\n"))


def main(paths: list[str]) -> int:
    wrong = [path for path in paths if not is_ended(Path(path).read_bytes())]
    for path in wrong:
        sys.stderr.write(f"{path} does not end with one line break\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
