"""What installers say when they fail, turned into what happened and what to do.

Set-up reads this before there is an environment, so it keeps to Python 3.8 and its library.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple  # noqa: UP035  (3.8 knows no `tuple[str, ...]`)

NEEDED_GIGABYTES = 4
AGAIN = "run the same command again"


class Problem(NamedTuple):
    signs: Tuple[str, ...]  # noqa: UP006  lower-case parts of what an installer prints
    sentence: str


DISK_FULL = Problem(
    ("no space left on device", "os error 28", "errno 28"),
    f"The disk is full. Free about {NEEDED_GIGABYTES} GB and {AGAIN}.",
)
WRONG_HASH = Problem(
    ("hash mismatch", "do not match the hashes"),
    "A downloaded package is not the one that was pinned, so it was not installed. Check the "
    f"package index this machine is set to use and {AGAIN}.",
)
NO_COMPILER = Problem(
    (
        *(f"command '{name}' failed" for name in ("gcc", "cc", "c++", "g++", "clang")),
        *(f"no such file or directory: '{name}'" for name in ("gcc", "cc", "c++", "g++")),
        "python.h: no such file",
        "no acceptable c compiler",
    ),
    "A package has no ready-made build for this machine, and a C compiler is missing. Install one "
    f"(Debian, Ubuntu: apt-get install build-essential python3-dev) and {AGAIN}.",
)
NO_PYTHON = Problem(
    ("no interpreter found", "no download found", "failed to install cpython", "cpython-3.10"),
    "Python 3.10 is not on this machine and could not be downloaded. Install it (pyenv install "
    f"3.10, or your system's packages) and {AGAIN}.",
)
NO_NETWORK = Problem(
    (
        "dns error",
        "name resolution",
        "failed to establish a new connection",
        "failed to fetch",
        "error sending request",
        "connection refused",
        "network is unreachable",
        "timed out",
        "could not find a version that satisfies",
        "certificate verify failed",
        "temporary failure resolving",
        "could not resolve",
    ),
    "The packages' server could not be reached. Check the network and proxy settings and "
    f"{AGAIN}; what is already there is kept.",
)
# The first that fits is told: a full disk also breaks downloads, a missing Python is a download.
PROBLEMS = (DISK_FULL, WRONG_HASH, NO_COMPILER, NO_PYTHON, NO_NETWORK)


def explain(said: str) -> Optional[str]:  # noqa: UP045
    """Return the sentence for what an installer `said`, or None where its words are new to us."""
    lower = said.lower()
    for problem in PROBLEMS:
        if any(sign in lower for sign in problem.signs):
            return problem.sentence
    return None
