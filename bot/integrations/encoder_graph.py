"""The sentence encoder as an ONNX graph of 8-bit integers, written from its published weights.

The network is MiniLM-L6: token, position and segment embeddings, six transformer layers, the mean
over the tokens, scaled to length 1. Its weights are read from a safetensors file, which is data
only: nothing that came with them is run. Sources: Wang et al., "MiniLM" (2020); the layout of the
weights is BERT's.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LAYERS, HEADS, WIDTH = 6, 12, 384
NORM_EPSILON = 1e-12
_OPSET, _IR_VERSION = 17, 8

Weights = Mapping[str, NDArray[np.float32]]


def int8_graph(weights: Weights) -> bytes:
    """Return the encoder as ONNX: input `ids` (1 x tokens), output `vectors` (1 x `WIDTH`).

    One message is run at a time: the scales of its layers' inputs are found anew for each run, so
    that a message's neighbours would change its vector, and running several gains no time.
    The matrices are 8-bit, each column with its own scale: per matrix the vectors would turn by
    up to 30 degrees, per column by 12 at most.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        exact, small = Path(folder) / "exact.onnx", Path(folder) / "small.onnx"
        onnx.save(exact_graph(weights), str(exact))
        quantize_dynamic(
            exact,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            # Without VNNI a processor adds two products in 16 bits and cuts what is more: of 8-bit
            # weights it makes other vectors. Of 7 bits nothing is cut.
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
        return small.read_bytes()


def exact_graph(weights: Weights) -> Any:
    """Return the encoder as an ONNX model of 32-bit floats."""
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    output = graph.encode()
    described = helper.make_graph(
        graph.nodes,
        "sentence_encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [1, WIDTH])],
        graph.constants,
    )
    model = helper.make_model(
        described, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION
    )
    onnx.checker.check_model(model)
    return model


class _Graph:
    """Nodes and constants, as they are added; a method adds a part and returns its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._known: set[str] = set()

    def encode(self) -> str:
        hidden = self._embedded()
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden)
        return self._mean(hidden)

    def _embedded(self) -> str:
        words = self.add("Gather", self.weight("embeddings.word_embeddings.weight"), "ids")
        # Every message is of segment 0, so its row is part of every position's.
        places = (
            self.weights["embeddings.position_embeddings.weight"]
            + self.weights["embeddings.token_type_embeddings.weight"][0]
        )
        length = self.add("Slice", self.add("Shape", "ids"), *self._ints("one", [1], [2]))
        rows = self.add("Slice", self.constant("places", places), self.ints("zero", [0]), length)
        return self._norm("embeddings.LayerNorm", self.add("Add", words, rows))

    def _layer(self, name: str, hidden: str) -> str:
        heads = [
            self._split(self._dense(f"{name}attention.self.{part}", hidden))
            for part in ("query", "key", "value")
        ]
        query, key, value = heads
        turned = self.add("Transpose", key, perm=[0, 1, 3, 2])
        root = self.constant("root", np.array((WIDTH // HEADS) ** 0.5, np.float32))
        scores = self.add("Div", self.add("MatMul", query, turned), root)
        mixed = self.add("MatMul", self.add("Softmax", scores, axis=-1), value)
        joined = self.add(
            "Reshape",
            self.add("Transpose", mixed, perm=[0, 2, 1, 3]),
            self.ints("joined", [0, 0, WIDTH]),
        )
        said = self._dense(f"{name}attention.output.dense", joined)
        hidden = self._norm(f"{name}attention.output.LayerNorm", self.add("Add", said, hidden))
        inner = self._gelu(self._dense(f"{name}intermediate.dense", hidden))
        outer = self._dense(f"{name}output.dense", inner)
        return self._norm(f"{name}output.LayerNorm", self.add("Add", outer, hidden))

    def _mean(self, hidden: str) -> str:
        mean = self.add("ReduceMean", hidden, axes=[1], keepdims=0)
        length = self.add("ReduceL2", mean, axes=[1], keepdims=1)
        self.nodes.append(_node("Div", [mean, length], "vectors"))
        return "vectors"

    def _split(self, hidden: str) -> str:
        apart = self.add("Reshape", hidden, self.ints("heads", [0, 0, HEADS, WIDTH // HEADS]))
        return self.add("Transpose", apart, perm=[0, 2, 1, 3])

    def _dense(self, name: str, hidden: str) -> str:
        matrix = self.constant(f"{name}.turned", self.weights[f"{name}.weight"].T.copy())
        return self.add("Add", self.add("MatMul", hidden, matrix), self.weight(f"{name}.bias"))

    def _norm(self, name: str, hidden: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", hidden, scale, bias, axis=-1, epsilon=NORM_EPSILON)

    def _gelu(self, hidden: str) -> str:
        half = self.constant("half", np.array(0.5, np.float32))
        root = self.constant("root2", np.array(2**0.5, np.float32))
        one = self.constant("full", np.array(1, np.float32))
        bent = self.add("Add", self.add("Erf", self.add("Div", hidden, root)), one)
        return self.add("Mul", self.add("Mul", hidden, bent), half)

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(_node(kind, list(inputs), output, **attributes))
        return output

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def ints(self, name: str, values: list[int]) -> str:
        return self.constant(name, np.array(values, np.int64))

    def _ints(self, name: str, *values: list[int]) -> list[str]:
        return [self.ints(f"{name}_{place}", value) for place, value in enumerate(values)]

    def constant(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        if name not in self._known:
            self._known.add(name)
            self.constants.append(numpy_helper.from_array(values, name))
        return name


def _node(kind: str, inputs: list[str], output: str, **attributes: Any) -> Any:
    from onnx import helper

    return helper.make_node(kind, inputs, [output], **attributes)
