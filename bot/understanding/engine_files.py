"""The fitted engine as files: plain arrays and JSON, no pickles, so that reading runs no code."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from bot.understanding.encoder import Encoder
from bot.understanding.features import Vectoriser
from bot.understanding.intents import IntentClassifier
from bot.understanding.lexicon import Lexicon
from bot.understanding.linear import LinearModel
from bot.understanding.mixing import Mix
from bot.understanding.nearness import Neighbours
from bot.understanding.reader import Meaning, Reader
from bot.understanding.reasons import ReasonClassifier

ARRAYS_FILE = "arrays.npz"
JSON_FILE = "engine.json"
# Files of another form are refused, and trained again.
FORM = 4


def write(
    reader: Reader,
    intents: IntentClassifier,
    reasons: ReasonClassifier,
    neighbours: Neighbours,
    *,
    lexicon: Lexicon,
) -> dict[str, bytes]:
    """Return the parts of an engine as file names with contents."""
    meaning = reader.meaning
    arrays: dict[str, Any] = {
        "idf": reader.vectoriser.idf(),
        "intent_weights": intents.model.weights,
        "intent_biases": intents.model.biases,
        "trust": intents.trust,
        "starts": neighbours.starts.astype(np.int32),
        "rows": neighbours.rows.astype(np.int32),
        "values": neighbours.values,
        "encoded": neighbours.encoded.astype(np.float16),
        "labels": intents.labels.astype(np.int32),
        "intent_mix": intents.mix.weights,
        "intent_mix_biases": intents.mix.biases,
        "reason_weights": reasons.model.weights,
        "reason_biases": reasons.model.biases,
        "mix": reasons.mix,
        "thresholds": reasons.thresholds,
        "named": reasons.named,
    }
    if meaning:
        arrays |= {"middle": meaning.middle, "axes": meaning.axes}
    plain = {
        "form": FORM,
        "intents": list(intents.names),
        "temperature": intents.temperature,
        "lexicon": lexicon.as_json(),
        "encoder": meaning.encoder.digest if meaning else None,
        "grams": reader.vectoriser.grams(),
        "texts": list(neighbours.texts),
    }
    packed = io.BytesIO()
    np.savez(packed, **arrays)  # uncompressed: the model archive compresses it anyway
    return {
        ARRAYS_FILE: packed.getvalue(),
        JSON_FILE: json.dumps(plain, ensure_ascii=False).encode(),
    }


def read(
    files: Mapping[str, bytes], *, encoder: Encoder | None
) -> tuple[Reader, IntentClassifier, ReasonClassifier, Neighbours, Lexicon]:
    """Return the parts that `write` wrote; `encoder` is used if they were fitted with it.

    Raises:
        ValueError: the files are of another form, or were fitted with another encoder.
        KeyError: a file or a part of it is missing.
    """
    plain = json.loads(files[JSON_FILE])
    if plain["form"] != FORM:
        raise ValueError("this model is of an older form")
    arrays = np.load(io.BytesIO(files[ARRAYS_FILE]), allow_pickle=False)
    intents = IntentClassifier(
        tuple(plain["intents"]),
        LinearModel(arrays["intent_weights"], arrays["intent_biases"]),
        plain["temperature"],
        Mix(arrays["intent_mix"], arrays["intent_mix_biases"]),
        arrays["trust"],
        arrays["labels"].astype(np.int64),
    )
    neighbours = Neighbours(
        arrays["starts"].astype(np.int64),
        arrays["rows"].astype(np.int64),
        arrays["values"],
        arrays["encoded"].astype(np.float32),
        tuple(plain.get("texts", ())),
    )
    reasons = ReasonClassifier(
        LinearModel(arrays["reason_weights"], arrays["reason_biases"]),
        arrays["mix"],
        arrays["thresholds"],
        arrays["named"],
    )
    reader = Reader(
        Vectoriser(plain["grams"], arrays["idf"]), _meaning(plain["encoder"], arrays, encoder)
    )
    return reader, intents, reasons, neighbours, Lexicon.read(plain["lexicon"])


def _meaning(wanted: str | None, arrays: Any, encoder: Encoder | None) -> Meaning | None:
    if wanted is None:
        return None
    if encoder is None or encoder.digest != wanted:
        raise ValueError("this model was fitted with a sentence encoder that is not here")
    return Meaning(encoder, arrays["middle"], arrays["axes"])
