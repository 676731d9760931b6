"""How a model reads messages; what it has read of those that belong to nobody is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.encoder_files import RememberingEncoder, find_encoder
from bot.integrations.known_messages import KeptReadings
from bot.integrations.model_files import load_engine
from bot.publishing.comparison import Reading
from bot.use_cases.compare_models import read_all

READING = "Reading the messages with both models"
TOLD_EVERY = 200


def readings(
    model: Path,
    kept: Sequence[str],
    passing: Sequence[str],
    tell: Callable[[str, str], None],
    which: str,
) -> dict[str, Reading]:
    """Return what the model makes of every text.

    Half a minute for test messages that are read for the first time; by a new model they are read
    faster, because what the encoder sees in them stays. `passing` are customers' own: they are
    read each time and kept nowhere.
    """
    store = KeptReadings(model)
    known = store.read()
    missing = list(dict.fromkeys(text for text in kept if text not in known))
    texts = [*missing, *passing]
    if not texts:
        return known

    def progress(done: int) -> None:
        if done % TOLD_EVERY == 0 or done == len(texts):
            tell(READING, f"{which}: {done} of {len(texts)}")

    encoder = _remembering(model.parent)
    engine = load_engine(model, encoder=encoder)
    read = dict(read_all(texts[: len(missing)], engine, progress=progress))
    if encoder:
        encoder.keep()
    read |= read_all(passing, engine, progress=lambda done: progress(len(missing) + done))
    if missing:
        store.write({**known, **{text: read[text] for text in missing}})
    return {**known, **read}


def _remembering(folder: Path) -> RememberingEncoder | None:
    encoder = find_encoder()
    return RememberingEncoder(encoder, folder / "vectors") if encoder else None
