"""The sentence encoder as a function that JAX can derive, for tuning; see `encoder_graph`.

JAX comes with TensorFlow, which Rasa brings. It is imported where it is used: only tuning needs it.
Layers are stacked, each of their arrays with the layers first, so that one of them is compiled and
not six.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bot.integrations.encoder_delta import FACTOR, PARTS
from bot.integrations.encoder_graph import HEADS, LAYERS, NORM_EPSILON, WIDTH, Weights

Arrays = Mapping[str, Any]

_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


def stacked(weights: Weights, *, tuned: int) -> dict[str, Arrays]:
    """Return the weights as `vectors` takes them; the last `tuned` layers stand apart."""
    embeddings = {name: values for name, values in weights.items() if name[:10] == "embeddings"}
    names = [f"{part}.{kind}" for part in (*PARTS, *_NORMS) for kind in ("weight", "bias")]
    lower, upper = (
        {
            name: np.stack([weights[f"encoder.layer.{layer}.{name}"] for layer in layers])
            for name in names
        }
        for layers in (range(LAYERS - tuned), range(LAYERS - tuned, LAYERS))
    )
    return {"embeddings": embeddings, "lower": lower, "upper": upper}


def vectors(weights: Mapping[str, Arrays], delta: Arrays, ids: Any, mask: Any) -> Any:
    """Return a vector of length 1 for each text, shape (texts, `WIDTH`).

    `ids` and `mask` have the shape (texts, tokens); the mask is 1 where there is a token, else 0.
    `delta` has for each part of the upper layers `down`, shape (layers, rank, into), and `up`.
    """
    import jax
    import jax.numpy as jnp

    hidden = _embedded(weights["embeddings"], ids)

    def through(hidden: Any, layer: Arrays) -> tuple[Any, None]:
        return _layer(layer, hidden, mask), None

    hidden, _ = jax.lax.scan(through, hidden, weights["lower"])
    upper = {**weights["upper"], **delta}
    hidden, _ = jax.lax.scan(through, jax.lax.stop_gradient(hidden), upper)
    summed = (hidden * mask[:, :, None]).sum(axis=1)
    return summed / jnp.sqrt((summed * summed).sum(axis=1, keepdims=True) + NORM_EPSILON)


def _embedded(weights: Arrays, ids: Any) -> Any:
    places = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    segment = weights["embeddings.token_type_embeddings.weight"][0]
    words = weights["embeddings.word_embeddings.weight"][ids]
    return _norm(weights, "embeddings.LayerNorm", words + places + segment)


def _layer(weights: Arrays, hidden: Any, mask: Any) -> Any:
    import jax

    said = _dense(weights, "attention.output.dense", _attention(weights, hidden, mask))
    hidden = _norm(weights, "attention.output.LayerNorm", said + hidden)
    inner = jax.nn.gelu(_dense(weights, "intermediate.dense", hidden), approximate=False)
    return _norm(weights, "output.LayerNorm", _dense(weights, "output.dense", inner) + hidden)


def _attention(weights: Arrays, hidden: Any, mask: Any) -> Any:
    import jax
    import jax.numpy as jnp

    texts, tokens, _ = hidden.shape
    query, key, value = (
        _dense(weights, f"attention.self.{part}", hidden)
        .reshape(texts, tokens, HEADS, WIDTH // HEADS)
        .transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 1, 3, 2) / (WIDTH // HEADS) ** 0.5
    scores = jnp.where(mask[:, None, None, :] > 0, scores, -1e9)
    mixed = jax.nn.softmax(scores, axis=-1) @ value
    return mixed.transpose(0, 2, 1, 3).reshape(texts, tokens, WIDTH)


def _dense(weights: Arrays, name: str, hidden: Any) -> Any:
    result = hidden @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    if f"{name}.down" in weights:
        low = hidden @ weights[f"{name}.down"].T
        result = result + FACTOR * (low @ weights[f"{name}.up"].T)
    return result


def _norm(weights: Arrays, name: str, hidden: Any) -> Any:
    import jax.numpy as jnp

    apart = hidden - hidden.mean(axis=-1, keepdims=True)
    spread = jnp.sqrt((apart * apart).mean(axis=-1, keepdims=True) + NORM_EPSILON)
    return apart / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
