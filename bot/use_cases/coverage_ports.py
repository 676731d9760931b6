"""What the assistant is made of and what its tests say, as the use cases need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Made:
    """`rules` are by name, each with its intent and the action that answers it; `stories` by name,
    each with the intents in their order."""

    intents: tuple[str, ...]
    responses: tuple[str, ...]
    rules: Mapping[str, tuple[str, str]]
    stories: Mapping[str, tuple[str, ...]]

    @property
    def actions(self) -> dict[str, str]:
        """Return the action that answers each intent."""
        return dict(self.rules.values())


@dataclass(frozen=True)
class Tested:
    """What tests hold: `dialogues` are what customers type in each dialogue test, each text with
    its intent where the test names it; `responses` what those expect to be said; `labels` the
    intent and reasons of each test message."""

    dialogues: tuple[tuple[tuple[str, str | None], ...], ...]
    responses: tuple[str, ...]
    labels: tuple[tuple[str, tuple[str, ...]], ...]


class AssistantParts(Protocol):
    """The files of the assistant and of its tests."""

    def made(self) -> Made:
        """Return what the assistant knows. Raises FileInvalid."""

    def tested(self) -> Tested:
        """Return what the tests say. Raises FileInvalid."""
