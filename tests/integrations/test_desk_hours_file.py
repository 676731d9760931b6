"""The file of desk hours is read strictly: what is not understood is refused by line."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from bot.errors import FileInvalid
from bot.integrations.desk_hours_file import FILE, load_desk_hours
from bot.settings import ROOT

GOOD = """\
zone: Europe/Berlin
place: Berlin time
week:
  monday: ["08:00-12:30", "13:00-18:00"]
  tuesday: ["08:00-24:00"]
holidays:
  - {day: 2026-12-21, title: Works outing}
  - {day: 2026-12-22, title: Short day, open: ["09:00-11:00"]}
calls: "10:00-16:00"
"""


def load(tmp_path: Path, text: str):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    return load_desk_hours(tmp_path)


def test_hours_are_read_with_their_zone_holidays_and_time_for_calls(tmp_path):
    hours = load(tmp_path, GOOD)
    assert hours.place == "Berlin time"
    assert hours.week[0] == ((480, 750), (780, 1080))
    assert hours.week[2] == ()
    assert hours.days == {date(2026, 12, 21): (), date(2026, 12, 22): ((540, 660),)}
    assert hours.calls == (600, 960)
    assert hours.is_open(datetime(2026, 11, 30, 7, 0, tzinfo=timezone.utc))


def test_without_the_file_nothing_is_promised(tmp_path):
    assert load_desk_hours(tmp_path) is None


def test_the_demo_companys_desk_can_be_tried_at_any_hour():
    hours = load_desk_hours(ROOT / "data" / "retention")
    assert hours is not None
    assert all(spans == ((0, 1440),) for spans in hours.week)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Europe/Berlin", "Europe/Berln", "desk_hours.yml:1: `zone`: there is no time zone "
         "`Europe/Berln`. Did you mean `Europe/Berlin`?"),
        ("  tuesday", "  thuesday", "desk_hours.yml:5: `week`: there is no weekday `thuesday`. "
         "Did you mean `tuesday`?"),
        ('"08:00-24:00"', '"08:00-25:00"', "desk_hours.yml:5: `week.tuesday`: `08:00-25:00` is no"),
        ('"08:00-24:00"', '"8 to 6"', 'Write it as "09:00-17:30".'),
        ('"08:00-24:00"', '"18:00-08:00"', "it ends before it begins. Split"),
        ('"13:00-18:00"', '"12:00-18:00"', "desk_hours.yml:4: `week.monday`: it begins before"),
        ("2026-12-22", "2026-12-21", "desk_hours.yml:8: `holidays.day`: 2026-12-21 stands here"),
        ("title: Works outing", "titel: Works outing", "Did you mean `title`?"),
        ("place: Berlin time\n", "", "the key `place` is missing"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_its_line(tmp_path, old, new, told):
    assert old in GOOD
    with pytest.raises(FileInvalid) as refused:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert told in str(refused.value)
