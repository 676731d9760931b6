"""What was measured, as tables, as a picture of the confusions, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.understanding.measures import (
    Guess,
    accuracy,
    auroc,
    calibration_error,
    confusions,
    macro_f1,
)


def intent_figures(guesses: Sequence[Guess], strange: Sequence[Guess]) -> dict[str, float]:
    """Return what is told of intents; the last only where there are messages out of scope."""
    found = {
        "intent accuracy": accuracy(guesses),
        "intent macro-F1": macro_f1(guesses),
        "calibration error": calibration_error(guesses),
    }
    apart = auroc(strange)
    return found if apart is None else {**found, "AUROC, out of scope": apart}


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50 and p95 in milliseconds (nearest rank)."""
    ranked = sorted(seconds)
    return {
        "p50 (ms)": ranked[len(ranked) // 2] * 1000,
        "p95 (ms)": ranked[min(len(ranked) - 1, len(ranked) * 95 // 100)] * 1000,
    }


def own_table(columns: Mapping[str, Mapping[str, float]]) -> str:
    """Return a table with a column for each way of measuring."""
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    head = f"| our data | {' | '.join(columns)} |\n| --- |{' --: |' * len(columns)}\n"
    rows = (
        f"| {name} | {' | '.join(_figure(column.get(name)) for column in columns.values())} |"
        for name in names
    )
    return head + "\n".join(rows) + "\n"


def public_table(sets: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of all sides on every public set, each taught that set's own examples."""
    head = (
        "| public set | what | words alone | with encoder | stock Rasa | words to stock "
        "| encoder to stock |\n| --- | --- | --: | --: | --: | --: | --: |\n"
    )
    return head + "".join(_set_rows(one) for one in sets)


def _set_rows(one: Mapping[str, Any]) -> str:
    rows = []
    for name, other in one["stock"].items():
        mine = [one[side][name] for side in ("words", "encoder")]
        figures = " | ".join(map(_figure, [*mine, other]))
        apart = " | ".join(_apart(name, figure, other) for figure in mine)
        rows.append(f"| {one['name']} | {name} | {figures} | {apart} |\n")
    return "".join(rows)


def _apart(name: str, mine: float, other: float) -> str:
    """Return a ratio of what is measured in units, else a difference."""
    in_units = name.endswith(("(s)", "(ms)", "(MB)"))
    return f"{mine / other:.3f}" if in_units else f"{mine - other:+.3f}"


def confusion_table(guesses: Sequence[Guess]) -> str:
    head = "| right | taken for | times |\n| --- | --- | --: |\n"
    rows = (f"| `{right}` | `{said}` | {n} |" for right, said, n in confusions(guesses))
    return head + "\n".join(rows) + "\n"


def draw_confusions(guesses: Sequence[Guess], path: Path) -> None:
    """Draw which intents were taken for which, as shares of the right intent's messages."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    import numpy as np

    names = sorted({str(g.right) for g in guesses} | {g.said for g in guesses})
    place = {name: number for number, name in enumerate(names)}
    shares = np.zeros((len(names), len(names)))
    for guess in guesses:
        shares[place[str(guess.right)], place[guess.said]] += 1
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(11, 10))
    drawn = axes.imshow(np.sqrt(shares), cmap="Greens", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set(xlabel="understood as", ylabel="right", title="Confusions in cross-validation")
    figure.colorbar(drawn, label="square root of the share", shrink=0.7)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def write(folder: Path, tables: Sequence[str], document: Mapping[str, Any]) -> None:
    """Write `understanding.md` and `understanding.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(tables)
    (folder / "understanding.md").write_text(text, encoding="utf-8")
    written = json.dumps(document, indent=2)
    (folder / "understanding.json").write_text(f"{written}\n", encoding="utf-8")


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.1f}" if value >= 10 else f"{value:.3f}"
