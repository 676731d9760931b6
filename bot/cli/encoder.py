"""Tune the sentence encoder on the training examples; `make tune` fetches what it starts from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.cli.data import EXAMPLES
from bot.integrations.encoder_build import VOCABULARY_FILE, known_file, read_weights
from bot.integrations.encoder_delta import DELTA_FILE, Delta, is_held_back, write_delta
from bot.integrations.training_files import read_training_files
from bot.settings import ROOT
from bot.understanding.encoder import name_of, tokenizer
from bot.understanding.pleasantries import with_please_in_full

PACKAGE = ROOT / ".tools" / "encoder-package"
EPOCHS = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["tune"], help="tune: learn from all but one in five")
    parser.add_argument(
        "--weights", type=Path, default=PACKAGE, help="where the published weights were unpacked"
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="how often all is read")


def run(arguments: argparse.Namespace) -> int:
    # Imported here: only tuning needs JAX, which takes seconds to come up.
    from bot.integrations.encoder_tuning import tune

    weights = read_weights(arguments.weights)
    pieces = tokenizer(known_file(arguments.weights, VOCABULARY_FILE))
    every = read_training_files(EXAMPLES)
    examples = [example for example in every if not is_held_back(example.text)]
    say(f"Tuning on {len(examples)} of {len(every)} examples; the others are held back.")
    matrices = tune(
        weights,
        lambda text: pieces.encode(with_please_in_full(text)).ids,
        examples,
        epochs=arguments.epochs,
        say=say,
    )
    write_delta(Delta(matrices, frozenset(name_of(example.text) for example in examples)))
    say(f"Written to {DELTA_FILE.relative_to(ROOT)}. Run `make setup`, which makes the encoder.")
    return 0


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
