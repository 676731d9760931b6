"""The policy reader: what is well written is read exactly, the rest refused with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.errors import FileInvalid
from bot.integrations.policy_files import load_policies
from bot.integrations.yaml_files import RASA_KEYS
from bot.retention.account import ConcessionKind
from bot.retention.cancellation import CancellationReason
from bot.retention.facts import KNOWN_FACTS
from bot.retention.policy import (
    ANY_REASON,
    OPERATORS,
    Condition,
    OfferTerms,
    RetentionPolicy,
)
from bot.settings import ROOT

PLANS = ("light", "solo", "duo", "family")

GOOD = """\
policy: price_relief
revision: 3
describes: A year with us, and too expensive.
reasons: [too_expensive, other]
when:
  tenure_months: {at_least: 12, at_most: 600}
  plan: {one_of: [duo, family]}
  discount_runs: {is: false}
  cooked_percent: {is_not: 0}
  jurisdiction: {none_of: [US-TX, GB]}
offer: {kind: discount, percent: 20, cycles: 3}
rank: 20
"""


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., FileInvalid]:
    """Return what is said about the good file after one change."""

    def refuse(old: str = "", new: str = "", *, name: str = "price_relief.yml") -> FileInvalid:
        assert old in GOOD, "the premise: there is something to change"
        (tmp_path / name).write_text(GOOD.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(FileInvalid) as refused:
            load_policies(tmp_path, plans=PLANS)
        return refused.value

    return refuse


def test_a_policy_is_read_exactly(tmp_path):
    (tmp_path / "price_relief.yml").write_text(GOOD, encoding="utf-8")
    assert load_policies(tmp_path, plans=PLANS) == (
        RetentionPolicy(
            name="price_relief",
            revision=3,
            reasons=("too_expensive", "other"),
            conditions=(
                Condition("tenure_months", "at_least", 12),
                Condition("tenure_months", "at_most", 600),
                Condition("plan", "one_of", ("duo", "family")),
                Condition("discount_runs", "is", False),
                Condition("cooked_percent", "is_not", 0),
                Condition("jurisdiction", "none_of", ("US-TX", "GB")),
            ),
            offer=OfferTerms(ConcessionKind.DISCOUNT, percent=20, cycles=3),
            rank=20,
        ),
    )


def test_days_and_budget_are_read_and_written_only_where_they_are_set(tmp_path):
    limited = f"{GOOD}from: 2026-03-01\nuntil: 2026-04-01\nmonthly_budget_minor: 50000\n"
    for name, text in (
        ("price_relief", GOOD),
        ("spring", limited.replace("price_relief", "spring")),
    ):
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    plain, spring = load_policies(tmp_path, plans=PLANS)
    assert (spring.speaks_from, spring.speaks_until) == (date(2026, 3, 1), date(2026, 4, 1))
    assert spring.monthly_budget_minor == 50_000
    more = {"from": "2026-03-01", "until": "2026-04-01", "monthly_budget_minor": 50_000}
    assert spring.to_document() == {**plain.to_document(), "policy": "spring", **more}


@pytest.mark.parametrize(
    "terms",
    [
        OfferTerms(ConcessionKind.WAIVE_FEE, amount_minor=500),
        OfferTerms(ConcessionKind.REFUND, percent=50),
        OfferTerms(ConcessionKind.EXPERT_SESSION, minutes=30),
    ],
    ids=lambda terms: terms.kind.value,
)
def test_what_only_people_grant_can_be_written_down(tmp_path, terms):
    written = {k: v for k, v in terms.to_document().items() if v}
    offer = ", ".join(f"{key}: {value}" for key, value in written.items())
    text = GOOD.replace("kind: discount, percent: 20, cycles: 3", offer)
    (tmp_path / "price_relief.yml").write_text(text, encoding="utf-8")
    assert [p.offer for p in load_policies(tmp_path, plans=PLANS)] == [terms]


def test_policies_stand_in_ladder_order_and_equal_ranks_go_by_name(tmp_path):
    for name, rank in (("cedar", 5), ("birch", 20), ("ash", 20)):
        text = GOOD.replace("price_relief", name).replace("rank: 20", f"rank: {rank}")
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    assert [p.name for p in load_policies(tmp_path, plans=PLANS)] == ["cedar", "ash", "birch"]


def test_without_plans_those_of_the_company_file_beside_the_folder_count(tmp_path):
    company = (ROOT / "data/retention/company.yml").read_text(encoding="utf-8")
    (tmp_path / "company.yml").write_text(company.replace("duo, ", ""), encoding="utf-8")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/price_relief.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(FileInvalid, match="there is no plan `duo`"):
        load_policies(tmp_path / "policies")


MISTAKES = [
    # what is changed, into what, the line, and words that must be said
    ("rank: 20", "rnak: 20", 12, ["key `rnak`", "Did you mean `rank`?"]),
    ("describes: A year", "describes: [A, year]\n#", 3, ["words are needed here"]),
    ("rank: 20", "", 1, ["the key `rank` is missing"]),
    ("rank: 20", "rank: 20\nrank: 30", 13, ["stands here twice", "See line 12"]),
    ("rank: 20", "rank: -1", 12, ["`rank`", "-1 is out of range"]),
    ("rank: 20", "rank: 2.5", 12, ["a whole number is needed"]),
    ("rank: 20", "rank: '20'", 12, ["a whole number is needed"]),
    ("rank: 20", "rank: 020", 12, ["a whole number is needed"]),
    ("rank: 20", "rank: true", 12, ["a whole number is needed"]),
    ("revision: 3", "revision: 0", 2, ["`revision`", "0 is out of range"]),
    ("describes: A year with us, and too expensive.", "describes:", 3, ["`describes`"]),
    ("too_expensive, other", "to_expensive", 4, ["reason `to_expensive`", "`too_expensive`"]),
    ("too_expensive, other", "other, other", 4, ["`other` is named twice"]),
    ("too_expensive, other", "any, other", 4, ["`any` covers the other reasons"]),
    ("[too_expensive, other]", "[]", 4, ["a list is needed"]),
    ("[too_expensive, other]", "too_expensive", 4, ["a list is needed"]),
    ("tenure_months:", "tenure_month:", 6, ["fact `tenure_month`", "`tenure_months`"]),
    ("tenure_months:", "plan:", 7, ["the fact `plan` stands here twice"]),
    ("at_least: 12", "atleast: 12", 6, ["operator `atleast`", "`at_least`"]),
    ("at_least: 12", "more_than: 12", 6, ["operator `more_than`", "at_least, at_most, is"]),
    ("at_least: 12", "at_least: twelve", 6, ["when.tenure_months.at_least", "digits only"]),
    ("at_least: 12", "at_least: 601", 6, ["at least 601 and at most 600"]),
    ("{at_least: 12, at_most: 600}", "{is: 12, at_most: 600}", 6, ["`is` leaves nothing"]),
    ("{at_least: 12, at_most: 600}", "{}", 6, ["an operator is missing"]),
    ("{at_least: 12, at_most: 600}", "12", 6, ["each operator needs a value"]),
    ("one_of: [duo", "at_least: [duo", 7, ["operator `at_least`", "is_not, none_of, one_of"]),
    ("[duo, family]", "[duo, famly]", 7, ["plan `famly`", "Did you mean `family`?"]),
    ("[duo, family]", "[duo, duo]", 7, ["a value is named twice"]),
    ("[duo, family]", "[]", 7, ["a list is needed"]),
    ("is: false", "is: no", 8, ["Write true or false"]),
    ("is: false", "is_not: true", 8, ["operator `is_not`"]),
    ("cooked_percent: {is_not: 0}", "cooked_percent: {at_most: 101}", 9, ["101 is out of range"]),
    ("cooked_percent: {is_not: 0}", "status: {is: actve}", 9, ["status `actve`", "`active`"]),
    ("cooked_percent: {is_not: 0}", "order_status: {is: lost}", 9, ["order_status `lost`"]),
    ("cooked_percent: {is_not: 0}", "interval: {is: months}", 9, ["Did you mean `month`?"]),
    ("cooked_percent: {is_not: 0}", "usage_trend: {is: faling}", 9, ["Did you mean `falling`?"]),
    ("cooked_percent: {is_not: 0}", "language: {is: english}", 9, ["language `english`"]),
    ("cooked_percent: {is_not: 0}", "channel: {is: desc}", 9, ["Did you mean `desk`?"]),
    ("none_of: [US-TX, GB]", "is: Texas", 10, ["no jurisdiction"]),
    ("none_of: [US-TX, GB]", "is: NO", 10, ["Put words into quotes"]),
    ("kind: discount", "kind: discuont", 11, ["kind of offer `discuont`", "`discount`"]),
    ("kind: discount", "kind: refound", 11, ["kind of offer `refound`", "`refund`?"]),
    ("kind: discount, percent: 20, cycles: 3", "kind: expert_session", 11, ["`minutes`"]),
    ("kind: discount, ", "", 11, ["`offer`", "the key `kind` is missing"]),
    ("percent: 20", "percentage: 20", 11, ["`percentage`", "Did you mean `percent`?"]),
    ("percent: 20", "percent: 101", 11, ["`offer.percent`", "from 1 to 100"]),
    ("percent: 20", "percent: 0", 11, ["0 is out of range"]),
    (", cycles: 3", "", 11, ["discount", "`cycles` is missing"]),
    ("cycles: 3", "cycles: 3, days: 4", 11, ["for the kind discount", "`days`"]),
    ("discount, percent: 20, cycles: 3", "downgrade, to: duet", 11, ["plan `duet`", "`duo`"]),
    ("discount, percent: 20, cycles: 3", "downgrade", 11, ["`to` is missing"]),
    ("discount, percent: 20, cycles: 3", "pause, months: 13", 11, ["from 1 to 12"]),
    ("policy: price_relief", "policy: relief", 1, ["Call it `relief.yml`"]),
    ("policy: price_relief", "policy: Price-Relief", 1, ["is no name"]),
    ("rank: 20", "rank: 20\nfrom: soon", 13, ["`from`", "Write it as 2026-02-16."]),
    ("rank: 20", "rank: 20\nfrom: 2026-02-30", 13, ["`from`", "a day is needed"]),
    ("rank: 20", "rank: 20\nfrmo: 2026-02-16", 13, ["key `frmo`", "Did you mean `from`?"]),
    (
        "rank: 20",
        "rank: 20\nfrom: 2026-02-16\nuntil: 2026-02-16",
        14,
        ["`until`", "no day is left", "the first day on which"],
    ),
    ("rank: 20", "rank: 20\nmonthly_budget_minor: 0", 13, ["0 is out of range"]),
    ("rank: 20", "rank: 20\nmonthly_budget: 9", 13, ["`monthly_budget_minor`?"]),
    ("  plan: {one_of", " plan: {one_of", 7, ["this is not YAML"]),
    ("reasons: [too_expensive, other]", "reasons: &r [other]\nwhy: *r", 1, ["anchors"]),
    ("describes: A year", "describes: \u0007A year", 1, ["character YAML does not allow"]),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), MISTAKES)
def test_a_mistake_is_refused_with_its_line_and_what_to_do(refusal, old, new, line, words):
    refused = refusal(old, new)
    assert refused.where == f"price_relief.yml:{line}"
    assert [word for word in words if word not in str(refused)] == []
    assert str(refused).endswith(("?", ".")), "a whole sentence"


def test_a_policy_without_conditions_would_be_for_everybody_and_is_refused(tmp_path):
    head, _, tail = GOOD.partition("when:")
    text = f"{head}when: {{}}\n{tail[tail.index('offer:') :]}"
    (tmp_path / "price_relief.yml").write_text(text, encoding="utf-8")
    with pytest.raises(FileInvalid, match=r"price_relief.yml:5: `when`: a policy without"):
        load_policies(tmp_path, plans=PLANS)


def test_the_name_of_the_remedy_is_not_free(refusal):
    refused = refusal("price_relief", "late_box_remedy", name="late_box_remedy.yml")
    assert "the remedy's own" in str(refused)


@pytest.mark.parametrize("key", RASA_KEYS)
@pytest.mark.parametrize("line", ["{}:", "{}: [a]", "    {}: 1", "\t{}: {{}}"])
def test_a_file_that_rasa_would_claim_is_refused_at_any_depth(refusal, key, line):
    refused = refusal("rank: 20", f"rank: 20\n{line.format(key)}")
    assert refused.where == "price_relief.yml:13"
    assert f"`{key}:`" in str(refused)
    assert "Rasa" in str(refused)


def test_a_rasa_key_in_running_text_is_not_claimed_and_not_refused(tmp_path):
    text = GOOD.replace("A year with us", "Our rules: a year with us").replace(
        "describes: Our rules: a year with us, and too expensive.",
        "describes: 'Our rules: a year with us.'",
    )
    (tmp_path / "price_relief.yml").write_text(text + "# stories: none\n", encoding="utf-8")
    assert len(load_policies(tmp_path, plans=PLANS)) == 1


def test_a_policy_stated_in_two_files_is_refused(tmp_path):
    (tmp_path / "price_relief.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "summer").mkdir()
    (tmp_path / "summer/price_relief.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(FileInvalid, match=r"summer/price_relief.yml:1: .* in price_relief.yml"):
        load_policies(tmp_path, plans=PLANS)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("price_relief.yaml", GOOD.encode(), "ends in .yaml"),
        ("price_relief.yml", b"", "the file is empty"),
        ("price_relief.yml", b"# nothing yet\n", "the file is empty"),
        ("price_relief.yml", b"- a\n- b\n", "each key needs a value"),
        ("price_relief.yml", b"policy: a\n---\npolicy: b\n", "this is not YAML"),
        ("price_relief.yml", b"policy: [a\n", "this is not YAML"),
        ("price_relief.yml", "policy: caf\u00e9".encode("latin-1"), "not UTF-8"),
        ("notes.txt", b"", "holds no .yml file"),
    ],
)
def test_a_file_that_cannot_be_a_policy_is_refused(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileInvalid, match=words):
        load_policies(tmp_path, plans=PLANS)


def test_a_missing_folder_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileInvalid, match="no such folder"):
        load_policies(tmp_path / "nowhere", plans=PLANS)


def test_rasa_takes_no_file_of_ours_for_training_data():
    from rasa.shared.utils.io import is_key_in_yaml

    claimed = [
        path.name
        for path in (ROOT / "data/retention").rglob("*.yml")
        if is_key_in_yaml(path, *RASA_KEYS)
    ]
    assert claimed == []


PAGE = (ROOT / "bot/docs/retention-policies.md").read_text(encoding="utf-8")


def test_the_page_for_managers_explains_every_word_a_policy_may_use():
    words = {*KNOWN_FACTS, *OPERATORS, ANY_REASON, *(r.value for r in CancellationReason)}
    assert (
        sorted(word for word in words if f"`{word}`" not in PAGE and f"[{word}]" not in PAGE) == []
    )


def test_the_page_for_managers_shows_a_policy_that_is_read(tmp_path):
    example = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
    (tmp_path / "price_relief.yml").write_text(example, encoding="utf-8")
    [policy] = load_policies(tmp_path, plans=PLANS)
    assert policy.offer == OfferTerms(ConcessionKind.DISCOUNT, percent=20, cycles=3)


@pytest.mark.parametrize("offer", re.findall(r"`(\{kind: .*?\})`", PAGE))
def test_every_kind_of_offer_the_page_shows_is_read(tmp_path, offer):
    head, tail = GOOD.split("offer:")[0], "rank: 20\n"
    (tmp_path / "price_relief.yml").write_text(f"{head}offer: {offer}\n{tail}", encoding="utf-8")
    [policy] = load_policies(tmp_path, plans=PLANS)
    assert f"kind: {policy.offer.kind.value}" in offer


def test_the_page_shows_every_kind_that_can_be_carried_out(refusal):
    refused = str(refusal("kind: discount", "kind: zzz"))
    known = re.findall(r"[a-z_]+", refused.split("Known: ")[1])
    assert sorted(known) == sorted(re.findall(r"^\| `\w+` \| `\{kind: (\w+)", PAGE, re.MULTILINE))
