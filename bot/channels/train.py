"""Train one model from the project's data and say which part is learning now."""

from __future__ import annotations

import argparse
import contextlib
import logging
import re
import sys
import warnings
from pathlib import Path
from typing import TextIO

from rasa.model_training import train
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog

DATA = ["data/nlu", "data/rules", "data/stories"]
_LEARNS = re.compile(r"Starting to train component '(\w+)'")


class Progress(logging.Handler):
    """Turns the trainer's own log lines into one line per component, written to `out`."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    def emit(self, record: logging.LogRecord) -> None:
        learns = _LEARNS.search(record.getMessage())
        if learns:
            self._out.write(f"learning {learns[1]}\n")
            self._out.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.channels.train", description=__doc__)
    parser.add_argument("--to", type=Path, required=True, help="the model file to write (*.tar.gz)")
    to: Path = parser.parse_args().to
    configure_logging_and_warnings(logging.WARNING)
    configure_structlog(logging.WARNING)
    # Rasa has just switched on the deprecation warnings of every package it pins.
    warnings.simplefilter("ignore", DeprecationWarning)
    _show_progress(sys.stdout)
    # Standard output is for progress; what else Rasa prints belongs to the log.
    with contextlib.redirect_stdout(sys.stderr):
        result = train(
            domain="domain.yml",
            config="config.yml",
            training_files=[folder for folder in DATA if Path(folder).exists()],
            output=str(to.parent),
            fixed_model_name=to.name,
            # The cache knows data and configuration, not our own components' code.
            force_training=True,
            # Stories glued together teach nothing to policies that match whole states.
            core_additional_arguments={"augmentation_factor": 0},
        )
    return int(result.code)


def _show_progress(out: TextIO) -> None:
    logger = logging.getLogger("rasa.engine.training.hooks")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(Progress(out))


if __name__ == "__main__":
    sys.exit(main())
