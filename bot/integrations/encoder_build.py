"""Makes the sentence encoder out of its published weights and what tuning changed, at set-up.

`python -m bot.integrations.encoder_build FOLDER` reads the weights and the vocabulary somewhere in
FOLDER, adds the delta that `python -m bot encoder tune` wrote (see `encoder_delta`), and writes
the encoder to `.tools/encoder`. Only files with the known hashes are read, and what came with them
is never run.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

from bot.encoder_files import DIGEST, FOLDER, GRAPH, TUNED_ON, VOCABULARY
from bot.errors import SetupError
from bot.integrations.encoder_delta import merged, read_delta
from bot.integrations.encoder_graph import Weights, int8_graph
from bot.understanding.encoder import digest_of

# The weights of all-MiniLM-L6-v2 and the vocabulary of BERT (uncased), as several projects that
# have nothing to do with each other pin them.
WEIGHTS_FILE, VOCABULARY_FILE = "model.safetensors", "vocab.txt"
KNOWN = {
    WEIGHTS_FILE: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    VOCABULARY_FILE: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


def main(arguments: list[str]) -> int:
    """Make the encoder from what lies in a folder; 0 when it is ready."""
    logging.disable(logging.WARNING)  # the quantiser advises on pictures
    try:
        build_encoder(Path(arguments[0]))
    except (SetupError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def build_encoder(source: Path, folder: Path = FOLDER) -> None:
    """Write graph, vocabulary and digest to `folder`, all of them or none; about ten seconds.

    Raises:
        SetupError: a file is missing, or is not the one that is known.
    """
    weights, vocabulary = read_weights(source), known_file(source, VOCABULARY_FILE)
    delta = read_delta()
    graph = int8_graph(merged(weights, delta))
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix="encoder-", dir=folder.parent))
    try:
        (aside / GRAPH).write_bytes(graph)
        (aside / VOCABULARY).write_bytes(vocabulary)
        (aside / TUNED_ON).write_bytes(b"".join(sorted(delta.tuned_on)))
        (aside / DIGEST).write_text(digest_of(graph, vocabulary), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def read_weights(source: Path) -> Weights:
    """Return the published weights, found somewhere in the folder.

    Raises:
        SetupError: they are missing, or are not the known ones.
    """
    from safetensors.numpy import load

    read = load(known_file(source, WEIGHTS_FILE))
    return {name: values for name, values in read.items() if values.dtype == np.float32}


def known_file(source: Path, name: str) -> bytes:
    """Return the file of this name, wherever it lies in the folder, if it is the known one.

    Raises:
        SetupError: there is none, or another one.
    """
    found = sorted(source.rglob(name))
    if not found:
        raise SetupError(f"There is no {name} in {source}, so no sentence encoder was made.")
    content = found[0].read_bytes()
    if hashlib.sha256(content).hexdigest() != KNOWN[name]:
        raise SetupError(
            f"{found[0]} is not the file whose hash is known, so it was not used. Delete it; "
            "understanding works without the sentence encoder."
        )
    return content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
