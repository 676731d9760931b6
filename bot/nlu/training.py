"""Trains a model as Rasa does, without Rasa's cache, and packs it quickly.

Rasa's own `train` keeps every part's output in a cache that knows nothing of our components' code,
and packs the model as small as it can be packed. A trainer waits for it.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from rasa.engine import validation
from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext, GraphNodeHook, GraphSchema
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.model_training import get_unresolved_slots
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog

from bot.nlu.packing import QuicklyPacked

# Stories glued together teach nothing to policies that match whole states.
_FOR_POLICIES = {"augmentation_factor": 0}


class Progress(GraphNodeHook):
    """Writes one line to `out` for each component that learns."""

    def __init__(self, graph: GraphSchema, out: TextIO) -> None:
        self._graph, self._out = graph, out

    def on_before_node(
        self,
        node_name: str,
        execution_context: ExecutionContext,
        config: dict[str, Any],
        received_inputs: dict[str, Any],
    ) -> dict[str, Any]:
        node = self._graph.nodes[node_name]
        # What is read for others only is an input; what is stored in the model is a target.
        if node.is_target and not node.is_input:
            self._out.write(f"learning {node.uses.__name__}\n")
            self._out.flush()
        return {}

    def on_after_node(self, *of_node: Any, **and_output: Any) -> None:
        """Nothing is said of what is done."""


def train(
    configuration: str, domain: str, folders: Sequence[str], *, to: Path, out: TextIO
) -> None:
    """Write the model of these files to `to`, and to `out` which part is learning.

    Raises:
        SystemExit: stories or rules set slots that the domain does not know.
    """
    configure_logging_and_warnings(logging.WARNING)
    configure_structlog(logging.WARNING)
    # Rasa has just switched on the deprecation warnings of every package it pins.
    warnings.simplefilter("ignore", DeprecationWarning)
    importer = TrainingDataImporter.load_from_config(configuration, domain, list(folders))
    asked = importer.get_config()
    graphs = Recipe.recipe_for_name(asked["recipe"]).graph_config_for_recipe(
        asked, dict(_FOR_POLICIES), training_type=TrainingType.BOTH
    )
    validation.validate(graphs)
    known = importer.get_domain()
    if unknown := get_unresolved_slots(known, importer.get_stories()):
        raise SystemExit(
            f"Stories or rules set slots that {domain} does not know: {', '.join(unknown)}"
        )
    with tempfile.TemporaryDirectory() as folder:
        storage = QuicklyPacked(Path(folder))
        runner = DaskGraphRunner.create(
            graphs.train_schema,
            storage,
            ExecutionContext(graphs.train_schema),
            hooks=[Progress(graphs.train_schema, out)],
        )
        runner.run(inputs={PLACEHOLDER_IMPORTER: importer})
        storage.create_model_package(to, graphs, known)
