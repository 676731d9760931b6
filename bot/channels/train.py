"""Train one model from the project's data and say which part is learning now."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from bot.nlu import ahead

CONFIGURATION, DOMAIN, EXAMPLES = "config.yml", "domain.yml", "data/nlu"
DATA = (EXAMPLES, "data/rules", "data/stories")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.channels.train", description=__doc__)
    parser.add_argument("--to", type=Path, required=True, help="the model file to write (*.tar.gz)")
    to: Path = parser.parse_args().to
    out = sys.stdout
    # Standard output is for progress; what else Rasa prints belongs to the log.
    with contextlib.redirect_stdout(sys.stderr):
        ahead.begin(Path(CONFIGURATION), Path(EXAMPLES))
        # Imported here: Rasa takes seconds, in which the fit is under way.
        from bot.nlu.training import train

        folders = [folder for folder in DATA if Path(folder).exists()]
        train(CONFIGURATION, DOMAIN, folders, to=to, out=out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
