"""What the assistant is made of and what its tests say, read from the project's files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.errors import FileInvalid
from bot.integrations.yaml_files import LOADER
from bot.use_cases.coverage_ports import Made, Tested

# Words within a message, or outside a conversation: nothing that is said by itself.
_PARTS = (
    "utter_button_",
    "utter_mail_",
    "utter_offer_terms_",
    "utter_offer_title_",
    "utter_order_status_",
)


class AssistantFiles:
    """Fits the port `AssistantParts`; `root` is the project's folder."""

    def __init__(self, root: Path) -> None:
        """Take the project; nothing is read yet."""
        self._root = root

    def made(self) -> Made:
        """Return what the assistant knows. Raises FileInvalid: a file cannot be read."""
        domain = self._yaml(self._root / "domain.yml")
        return Made(
            intents=tuple(_names(domain["intents"])),
            responses=tuple(name for name in domain["responses"] if not name.startswith(_PARTS)),
            rules={
                rule["rule"]: (rule["steps"][0]["intent"], rule["steps"][1]["action"])
                for path in sorted(self._root.glob("data/rules/*.yml"))
                for rule in self._yaml(path)["rules"]
                if "intent" in rule["steps"][0]
            },
            stories={
                told["story"]: tuple(
                    str(step["intent"]) for step in told["steps"] if "intent" in step
                )
                for path in sorted(self._root.glob("data/stories/*.yml"))
                for told in self._yaml(path)["stories"]
            },
        )

    def tested(self) -> Tested:
        """Return what the tests say; an installation without tests has none.

        Raises:
            FileInvalid: a file cannot be read.
        """
        dialogues = list(self._dialogues())
        rows = [row for path in self._messages() for row in _rows(path)]
        return Tested(
            dialogues=tuple(_said(dialogue) for dialogue in dialogues),
            responses=tuple(
                str(response)
                for dialogue in dialogues
                for step in (dialogue.get("greeting") or {}, *dialogue["steps"])
                for response in step.get("says") or ()
            ),
            # Labels alone: what the messages say stays unseen.
            labels=tuple((str(row["intent"]), tuple(row.get("reasons") or ())) for row in rows),
        )

    def _messages(self) -> list[Path]:
        return sorted(self._root.glob("tests/understanding/*.jsonl"))

    def _dialogues(self) -> Iterator[dict[str, Any]]:
        for path in sorted(self._root.glob("tests/dialogues/*/*.yml")):
            yield from self._yaml(path, many=True)

    def _yaml(self, path: Path, *, many: bool = False) -> Any:
        text = path.read_text(encoding="utf-8")
        try:
            read = list(yaml.load_all(text, Loader=LOADER))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            where = f"{path.name}:{line}"
            raise FileInvalid(where, f"this is not YAML ({error.problem}).", "Mend it.") from None
        return read if many else read[0]


def _names(listed: list[Any]) -> Iterator[str]:
    for one in listed:
        yield one if isinstance(one, str) else next(iter(one))


def _said(dialogue: dict[str, Any]) -> tuple[tuple[str, str | None], ...]:
    return tuple(
        (str(step["customer"]), step.get("intent"))
        for step in dialogue["steps"]
        if step.get("customer")
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
