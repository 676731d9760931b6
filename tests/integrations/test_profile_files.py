"""The profile reader and the company's figures: the same strictness as for policies."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.errors import FileInvalid
from bot.integrations.company_file import load_plans, load_terms
from bot.integrations.profile_files import load_profiles
from bot.money import Money
from bot.retention.account import ConcessionKind
from bot.retention.authority import FOR_PEOPLE
from bot.retention.choosing import Choosing
from bot.settings import ROOT

UNKNOWN = """\
profile: unknown
title: Not known
offers_before_completion: 0
in_force_from: 2000-01-01
citation: Our own rule.
because: The strictest holds.
"""
UNION = """\
profile: EU
title: European Union
offers_before_completion: 1
withdrawal_days: 14
in_force_from: 2026-06-19
citation: A directive.
because: Fourteen days.
holds_also_for: [FR, "NO"]
"""
COMPANY = (ROOT / "data/retention/company.yml").read_text(encoding="utf-8")


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_file_may_hold_for_several_keys(tmp_path):
    profiles = load_profiles(write(tmp_path, unknown=UNKNOWN, eu=UNION))
    assert [profile.key for profile in profiles.known] == ["EU", "FR", "NO", "unknown"]
    french = profiles.of("FR", date(2026, 6, 19))
    assert (french.offers_before_completion, french.withdrawal_days) == (1, 14)
    assert french.citation == "A directive."


def test_where_days_end_later_a_profile_says_so(tmp_path):
    profiles = load_profiles(
        write(tmp_path, unknown=UNKNOWN, eu=UNION + "day_ends_hours_later: 1\n")
    )
    ended = [profiles.of(key, date(2026, 6, 19)).day_ends_hours_later for key in ("EU", None)]
    assert ended == [1, 0]


def test_what_comes_later_stands_beside_it_under_its_day(tmp_path):
    write(tmp_path, unknown=UNKNOWN, eu=UNION)
    later = UNION.replace("2026-06-19", "2027-01-01").replace("completion: 1", "completion: 0")
    write(tmp_path, **{"eu.2027-01-01": later})
    profiles = load_profiles(tmp_path)
    assert profiles.of("FR", date(2026, 12, 31)).offers_before_completion == 1
    assert profiles.of("FR", date(2027, 1, 1)).offers_before_completion == 0


def test_two_files_for_one_key_and_day_are_refused(tmp_path):
    write(tmp_path, unknown=UNKNOWN, eu=UNION, **{"eu.again": UNION})
    with pytest.raises(FileInvalid, match=r"EU has rules from that day in eu.again.yml already"):
        load_profiles(tmp_path)


def test_without_a_profile_for_the_unknown_nothing_is_loaded(tmp_path):
    with pytest.raises(FileInvalid, match="no profile is called `unknown`"):
        load_profiles(write(tmp_path, eu=UNION))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("profile: EU", "profile: Europe", 1, "no jurisdiction"),
        ("profile: EU", "profile: IT", 1, "Call it `it.yml`"),
        ("completion: 1", "completion: 3", 3, "from 0 to 2"),
        ("withdrawal_days: 14", "withdrawal_days: 90", 4, "from 0 to 60"),
        ("2026-06-19", "19.6.2026", 5, "Write it as 2026-02-16"),
        ("2026-06-19", "2026-02-30", 5, "a day is needed"),
        ('"NO"', "NO", 8, "Put words into quotes"),
        ("citation:", "citatoin:", 6, "Did you mean `citation`?"),
        ("because: Fourteen days.\n", "", 1, "`because` is missing"),
    ],
)
def test_a_mistake_in_a_profile_is_refused_with_its_line(tmp_path, old, new, line, words):
    assert old in UNION
    write(tmp_path, unknown=UNKNOWN, eu=UNION.replace(old, new))
    with pytest.raises(FileInvalid) as refused:
        load_profiles(tmp_path)
    assert refused.value.where == f"eu.yml:{line}"
    assert words in str(refused.value)


def test_the_companys_figures_are_those_it_has_settled():
    terms = load_terms(ROOT / "data/retention/company.yml")
    assert (terms.money_back_days, terms.return_days, terms.skip_notice_days) == (14, 30, 3)
    assert (terms.pause_months_at_most, terms.pause_months_in_a_row_at_most) == (3, 6)
    assert terms.cool_down_days == 180
    assert terms.late_box_credit == Money(1500, "USD")
    assert terms.high_value == Money(1_000_000, "USD")


def test_what_every_level_may_grant_is_read(tmp_path):
    assistant, agent, senior, lead = load_terms(ROOT / "data/retention/company.yml").authorities
    assert (assistant.level, assistant.concession_minor, assistant.also) == (
        "assistant",
        6000,
        frozenset(),
    )
    assert (agent.month_minor, senior.month_minor, lead.month_minor) == (60_000, 150_000, None)
    assert ConcessionKind.REFUND not in agent.also
    assert lead.also == senior.also == FOR_PEOPLE
    without = (
        COMPANY[: COMPANY.index("agent_levels:")] + COMPANY[COMPANY.index("# The most that") :]
    )
    write(tmp_path, company=without.replace("# monthly_budget_minor", "monthly_budget_minor"))
    terms = load_terms(tmp_path / "company.yml")
    assert terms.authorities == (assistant,)
    assert terms.monthly_budget_minor == 500_000


def test_the_plans_are_those_of_the_price_list():
    from bot.storage.demo_books import PLANS

    assert set(load_plans(ROOT / "data/retention/company.yml")) == {plan.code for plan in PLANS}


def test_the_exchange_items_are_those_of_the_shop():
    from bot.storage.demo_company import SHOP_ITEMS

    terms = load_terms(ROOT / "data/retention/company.yml")
    assert terms.exchange_items == tuple(item.name for item in SHOP_ITEMS)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("currency: USD", "currency: DOLLARS", "there is no currency `DOLLARS`"),
        ("cool_down_days: 180", "cool_down_days: half a year", "a whole number is needed"),
        ("cool_down_days: 180", "cooldown_days: 180", "Did you mean `cool_down_days`?"),
        ("holdout_percent: 5", "holdout_percent: 51", "from 0 to 50"),
        ("pause_months_at_most: 3", "pause_months_at_most: 7", "longer than"),
        ("holdout_salt: larder-35", "", "`holdout_salt` is missing"),
        ("exchange_items:", "exchange_items: []\nplans:", "`plans` stands here twice"),
        ("choose: ladder", "choose: laddr", "Did you mean `ladder`?"),
        ("explore_percent: 0", "explore_percent: 4", "from 0 to 3"),
        ("light: 30, ", "", "the plan `light` is missing"),
        ("{downgrade: 50", "{downgrad: 50", "Did you mean `downgrade`?"),
        ("  months: 6", "  months: 2", "from 3 to 36"),
        ("  senior: {", "  snior: {", "Did you mean `senior`?"),
        ("senior: {concession_minor", "senior: {concesion_minor", "`concession_minor`?"),
        ("expert_session, refund]", "expert_session, refound]", "Did you mean `refund`?"),
        ("also: [waive_fee, expert_session, refund]}\n  lead", "also: []}\n  lead", "a list is"),
        ("{concession_minor: 12000", "{concession_minor: 5999", "`senior` may grant less"),
        ("month_minor: 150000", "month_minor: 59999", "`senior` may grant less than `agent`"),
        (
            "  lead: {concession_minor: 40000, also: [waive_fee",
            "  lead: {concession_minor: 40000, also: [refund",
            "named twice",
        ),
        ("# monthly_budget_minor: 500000", "monthly_budget_minor: 0", "0 is out of range"),
    ],
)
def test_a_mistake_in_the_companys_file_is_refused(tmp_path, old, new, words):
    assert old in COMPANY
    write(tmp_path, company=COMPANY.replace(old, new))
    with pytest.raises(FileInvalid, match=words):
        load_terms(tmp_path / "company.yml")


def test_goods_are_taken_back_as_long_as_any_law_lets_a_buyer_withdraw(tmp_path):
    (tmp_path / "profiles").mkdir()
    write(tmp_path / "profiles", unknown=UNKNOWN, eu=UNION)
    write(tmp_path, company=COMPANY.replace("return_days: 30", "return_days: 14"))
    assert load_terms(tmp_path / "company.yml").return_days == 14
    write(tmp_path, company=COMPANY.replace("return_days: 30", "return_days: 13"))
    with pytest.raises(FileInvalid, match=r"less than the 14 days .* European Union.*Raise") as no:
        load_terms(tmp_path / "company.yml")
    line = COMPANY[: COMPANY.index("return_days")].count("\n") + 1
    assert no.value.where == f"company.yml:{line}"


def test_offers_are_chosen_by_the_ladder_unless_the_company_says_otherwise(tmp_path):
    assert load_terms(ROOT / "data/retention/company.yml").choose is Choosing.LADDER
    without = re.sub(r"(?ms)^choose: ladder$.*?^(?=# What an order)", "", COMPANY)
    write(tmp_path, company=without)
    terms = load_terms(tmp_path / "company.yml")
    assert (terms.choose, terms.explore_percent, terms.worth) == (Choosing.LADDER, 0, None)
    write(tmp_path, company=f"{without}\nchoose: value\n")
    with pytest.raises(FileInvalid, match="`value` needs the key `worth`"):
        load_terms(tmp_path / "company.yml")


def test_a_missing_company_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileInvalid, match=r"company.yml: there is no such file"):
        load_terms(tmp_path / "company.yml")
