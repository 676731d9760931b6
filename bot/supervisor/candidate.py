"""The way from the training data as it stands to a version that may go live."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from bot.bootstrap_publishing import Publishing
from bot.errors import NotPublished
from bot.integrations.kept_examples import keep_examples, kept_examples
from bot.integrations.known_messages import read_test_messages, read_written
from bot.integrations.training_files import read_training_files
from bot.model_files import content_hash, model_name, program_hash
from bot.publishing.comparison import (
    Comparison,
    as_document,
    by_intent,
    changes,
    read_comparison,
)
from bot.settings import ROOT, Settings
from bot.supervisor import gate_checks
from bot.supervisor.going_live import Candidate, Tell, live_line
from bot.supervisor.readings import readings
from bot.supervisor.training import ensure_model
from bot.use_cases.compare_models import first_of_each_file, side_by_side, to_run

EXAMPLES = ROOT / "data" / "nlu"
RECENT = timedelta(days=30)
MOST_RECENT_MESSAGES = 300
TRAINING = "Training"
CHANGED = "The data was changed while it was learned. Start again."


def train_candidate(settings: Settings, at: Publishing, tell: Tell) -> Candidate:
    """Train from the data as it stands, where that is not done yet; nothing live is touched.

    Raises:
        SetupError: training failed.
        NotPublished: the data was changed meanwhile, so that the model is of neither.
    """
    files, program = content_hash(ROOT), program_hash(ROOT)
    examples = read_training_files(EXAMPLES)
    model = ensure_model(settings, say=lambda said: tell(TRAINING, said))
    if content_hash(ROOT) != files:
        raise NotPublished(CHANGED)
    kept = at.versions.keep(model)
    keep_examples(kept, examples)
    tell(TRAINING, f"The candidate is {model_name(kept)}.")
    return Candidate(kept, files, program)


def compare(
    settings: Settings,
    at: Publishing,
    tell: Tell,
    *,
    trained: Callable[[Candidate], None] = lambda _: None,
) -> Comparison:
    """Train the data as it stands and hold it against the live version, unless that is done.

    `trained` hears of the candidate before it is compared. What was found is kept.

    Raises:
        SetupError: training failed.
        NotPublished: nothing is live to compare with, or the data was changed meanwhile.
    """
    now = live_line(at)
    found = compared(at, f"{content_hash(ROOT)}.tar.gz")
    # What needs no candidate is checked while one is trained: that leaves a core idle.
    begun = [] if found else gate_checks.first_checks(at.versions.model(now))
    with gate_checks.running(begun, settings) as first:
        candidate = train_candidate(settings, at, tell)
        if found and found.candidate != candidate.model.name:
            raise NotPublished(CHANGED)
        trained(candidate)
        return found or _compare(settings, at, candidate, first, tell)


def _compare(
    settings: Settings,
    at: Publishing,
    candidate: Candidate,
    first: gate_checks.Running,
    tell: Tell,
) -> Comparison:
    now = live_line(at)
    known, written = read_test_messages(settings.test_messages), read_written(gate_checks.WRITTEN)
    recent = at.recent_texts(RECENT, MOST_RECENT_MESSAGES)
    kept = [*(one.text for one in known), *(text for one in written for text in one.texts)]
    always = first_of_each_file(written)
    with _dialogues(settings, candidate, always, tell) as held:
        before = readings(at.versions.model(now), kept, recent, tell, "live")
        after = readings(candidate.model, kept, recent, tell, "candidate")
        results = [*first.results(tell)]
        dialogues = [*held.results(tell)] or gate_checks.left_out()
    moved = [one for one in to_run(written, before=before, after=after) if one not in always]
    if moved and all(check.passed for check in dialogues):
        with _dialogues(settings, candidate, moved, tell) as held:
            dialogues = [*held.results(tell)]
    results += dialogues
    reads = side_by_side(known, recent, before=before, after=after)
    whole = Comparison(
        candidate=candidate.model.name,
        live=now.model,
        version=now.version,
        intents=by_intent(reads),
        changed=tuple(read for read in reads if read.changed),
        checks=tuple(results),
        recent=len(recent),
        changes=changes(kept_examples(at.versions.model(now)), kept_examples(candidate.model)),
    )
    at.comparison.parent.mkdir(parents=True, exist_ok=True)
    aside = at.comparison.with_suffix(".part")
    aside.write_text(json.dumps(as_document(whole), ensure_ascii=False), encoding="utf-8")
    aside.replace(at.comparison)
    return whole


def compared(at: Publishing, candidate: str) -> Comparison | None:
    """Return what was found of this candidate, if it was held against what is live now."""
    if not at.comparison.exists():
        return None
    found = read_comparison(json.loads(at.comparison.read_text(encoding="utf-8")))
    return found if (found.candidate, found.live) == (candidate, live_line(at).model) else None


@contextmanager
def _dialogues(
    settings: Settings, candidate: Candidate, names: Sequence[str], tell: Tell
) -> Iterator[gate_checks.Running]:
    """Hold some dialogues with the candidate; beside them there is time for other checks."""
    checks = gate_checks.dialogues()
    if checks:
        tell(gate_checks.DIALOGUES, f"{len(names)} of them are held with the candidate.")
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as chosen:
        json.dump(list(names), chosen)
        chosen.flush()
        told = {
            gate_checks.MODEL_OF_DIALOGUES: str(candidate.model),
            gate_checks.CHOSEN_DIALOGUES: chosen.name,
        }
        with gate_checks.running(checks, settings, told) as running:
            yield running
