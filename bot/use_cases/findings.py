"""What a check of the training data found: where it stands, what it is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from bot.understanding.examples import Example

# The kind that weighs an example against all others, so that any other line may bring it.
DOUBTED_LABEL = "label"


@dataclass(frozen=True)
class Finding:
    """One thing to mend, with the file and line where it stands."""

    file: str
    line: int
    kind: str
    message: str

    @property
    def place(self) -> str:
        """Where it stands, as `place` tells of an example."""
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}: {self.message}"


def at(example: Example, kind: str, message: str) -> Finding:
    """Return a finding about one example."""
    return Finding(example.file, example.line, kind, message)


def place(example: Example) -> str:
    """Return where an example stands, as a reader would look it up."""
    return f"{example.file}:{example.line}"


def labelled(example: Example) -> tuple[str, str]:
    """Return the intent and the text in one line, by which versions are held side by side."""
    return example.intent, " ".join(example.text.split())
