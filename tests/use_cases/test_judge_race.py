"""Two trainers decide on one message in the same moment: one line is written, by the first."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from bot.annotation.annotated import annotated
from bot.annotation.judgement import Verdict, decided
from bot.errors import EditRefused
from bot.integrations.studio_git import GitCheckout
from bot.integrations.studio_journal import StudioJournal
from bot.integrations.training_folder import TrainingFolder
from bot.storage.studio_views import SqlStudioViews
from bot.use_cases.annotate import NewLine
from bot.use_cases.judge_message import Ruling, Trainer, judge
from bot.use_cases.studio_desk import StudioDesk
from tests.switchboards import Line

FILE = (
    "nlu:\n- intent: greet\n  examples: |\n    - hi\n- intent: bye\n  examples: |\n    - so long\n"
)
TRIES, TRAINERS = 4, (("ada", "greet"), ("kim", "bye"), ("jo", "greet"))


def test_of_trainers_who_decide_at_once_one_writes(line: Line, tmp_path: Path) -> None:
    (tmp_path / "nlu").mkdir()
    path = tmp_path / "nlu" / "one.yml"
    path.write_text(FILE)
    data = TrainingFolder(tmp_path / "nlu")
    journal = StudioJournal(tmp_path / "journal.jsonl")
    views = SqlStudioViews(line.engine)
    desk = StudioDesk(
        line.unit_of_work, views, data, journal, GitCheckout(data), line.clock, held_out=dict
    )
    here = line.open().conversation
    for number in range(1, TRIES + 1):
        line.say(here, f"mumble {number}")
        place = (here, views.heard_in(here)[-1].turn)
        ends = race(place, f"mumble {number} and on", desk)
        [happened] = [one for one in views.happened_in(here) if one.heard.turn == place[1]]
        ruled = decided(happened.judgements)
        assert [one.place for one in ruled] == list(range(1, len(ruled) + 1))
        assert [end for end in ends if end == "wrote"] == ["wrote"]
        assert [one.trainer for one in ruled if one.change is not None] == [ruled[0].trainer]
        assert journal.entries()[-1].by == ruled[0].trainer_name
    assert len(journal.entries()) == TRIES
    assert path.read_text().count("mumble") == TRIES


def race(place: tuple[str, int], text: str, desk: StudioDesk) -> list[str]:
    """Let all decide at once; return what became of each."""
    begin, ends = threading.Barrier(len(TRAINERS), timeout=20), list[str]()

    def decide(name: str, intent: str) -> None:
        sentence = annotated(text, intent)
        lines = (NewLine(sentence, "one.yml"),)
        ruling = Ruling((place,), Verdict.CORRECTED, (sentence,), lines)
        begin.wait()
        try:
            judged: Any = judge(ruling, Trainer(name, name.title()), desk=desk)
        except EditRefused:
            ends.append("refused")
        else:
            ends.append("told" if judged.before else "wrote")

    threads = [threading.Thread(target=decide, args=trainer) for trainer in TRAINERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == len(TRAINERS)
    return ends
