"""Who may be kept as a person, which passwords are taken, and how long one waits."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PasswordRefused, PersonInvalid
from bot.people import slowing
from bot.people.passwords import BLOCKED, LONGEST, SHORTEST, check_password, normal
from bot.people.permissions import Permission, may, permissions_of
from bot.people.person import capacity_of, email_of, name_of, roles_of, skills_of, word_of
from bot.people.role import Level, Role
from bot.people.session import SessionLimits, StaffSession, Stage
from bot.people.slowing import Failures, Slowing
from bot.retention.authority import ASSISTANT, LEVELS

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=timezone.utc)
ABOUT = ("Kim Novotny", "kim@larder.example", "Larder")


# --- passwords -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "seven red bicycles",
        "correct horse battery staple",
        "ünïcödé wörds ärë fïnë",
        "x7!kQ9$mZ2@p",
        "4830 1175 9926 3381",
        "密码是一首很长很长的诗歌啊",
        "password is not all that i typed, there is a heron",
        "a" * 60 + " heron bcde",
    ],
)
def test_any_characters_make_a_good_password(password: str) -> None:
    check_password(password, about=ABOUT)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", f"at least {SHORTEST}"),
        ("x" * (LONGEST + 1), f"at most {LONGEST}"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("abababababababab", "repeats"),
        ("123456789012", "counts up"),
        ("987654321098", "counts up"),
        ("qwertyuiopqwertyuiop", "counts up"),
        ("abcdefghijklmnop", "counts up"),
        ("Password2026!!", "guessed first"),
        ("passwordpassword", "guessed first"),
        ("Welcome-to-2026", "guessed first"),
        ("letmein letmein 1", "guessed first"),
        ("Kim.Novotny.2026", "guessed first"),
        ("larderlarder2026", "guessed first"),
        ("savedesksupport", "guessed first"),
        ("ｐａｓｓｗｏｒｄ２０２６!!", "guessed first"),
    ],
)
def test_what_is_short_or_guessed_first_is_refused_with_the_reason(
    password: str, told: str
) -> None:
    with pytest.raises(PasswordRefused, match=told):
        check_password(password, about=ABOUT)


def test_a_refusal_never_repeats_the_password() -> None:
    with pytest.raises(PasswordRefused) as refused:
        check_password("Password2026!!", about=ABOUT)
    assert "2026" not in str(refused.value)


def test_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    assert normal("cafe\u0301 au lait bleu") == normal("caf\u00e9 au lait bleu")


def test_the_list_of_blocked_words_is_one_of_single_words() -> None:
    assert all(word.isalpha() and word == word.lower() for word in BLOCKED)


@given(st.text(max_size=200))
def test_every_text_is_judged(password: str) -> None:
    try:
        check_password(password, about=ABOUT)
    except PasswordRefused:
        return
    assert SHORTEST <= len(normal(password)) <= LONGEST


# --- persons -------------------------------------------------------------------------------------


def test_an_address_has_one_spelling() -> None:
    assert email_of("  Kim@Larder.Example ") == "kim@larder.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kim",
        "kim@",
        "@larder.example",
        "kim@larder",
        "a b@c.example",
        "a@b@c.example",
        "Kim <kim@larder.example>",
        "kim@larder.example\nbcc: x@y.example",
        "k" * 300 + "@a.bc",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(PersonInvalid):
        email_of(text)


def test_a_name_fits_on_one_line() -> None:
    assert name_of("  Kim \n Novotny ") == "Kim Novotny"
    for wrong in ("", "  ", "x" * 81, "Kim\x00", "Kim\u202e"):
        with pytest.raises(PersonInvalid):
            name_of(wrong)


def test_roles_are_those_there_are() -> None:
    assert roles_of(["agent", " Manager "]) == {Role.AGENT, Role.MANAGER}
    for wrong in ([], [""], ["agent", "king"]):
        with pytest.raises(PersonInvalid, match="agent, trainer, manager, administrator"):
            roles_of(wrong)


def test_skills_teams_and_capacity_are_bounded() -> None:
    assert skills_of(["Billing", "", "vip-care"]) == {"billing", "vip-care"}
    assert capacity_of(1) == 1
    for wrong in ("two words", "<b>", "x" * 41):
        with pytest.raises(PersonInvalid):
            word_of(wrong, "team")
    for number in (0, -1, 51):
        with pytest.raises(PersonInvalid):
            capacity_of(number)
    with pytest.raises(PersonInvalid):
        skills_of(f"skill{n}" for n in range(31))


# --- permissions ---------------------------------------------------------------------------------


def test_nobody_without_a_role_may_do_anything() -> None:
    assert permissions_of(frozenset()) == frozenset()


def test_only_agents_speak_with_customers_and_only_administrators_look_after_staff() -> None:
    for role in Role:
        assert may({role}, Permission.ANSWER_CUSTOMER) == (role is Role.AGENT)
        assert may({role}, Permission.MANAGE_PEOPLE) == (role is Role.ADMINISTRATOR)


def test_every_level_of_a_person_is_one_that_authority_is_given_to() -> None:
    assert (ASSISTANT, *(level.value for level in Level)) == LEVELS


# --- sessions ------------------------------------------------------------------------------------


def a_session(stage: Stage = Stage.FULL, *, seen_after: timedelta = timedelta()) -> StaffSession:
    return StaffSession("d", "p1", stage, NOW, NOW + seen_after, NOW)


@pytest.mark.parametrize(
    ("session", "after"),
    [
        (a_session(), timedelta(minutes=60)),
        (a_session(seen_after=timedelta(minutes=30)), timedelta(minutes=90)),
        (a_session(seen_after=timedelta(hours=11, minutes=30)), timedelta(hours=12)),
        (a_session(Stage.CODE), timedelta(minutes=10)),
        (a_session(Stage.SET_UP, seen_after=timedelta(minutes=9)), timedelta(minutes=10)),
    ],
)
def test_a_session_ends_when_it_idles_and_in_any_case(
    session: StaffSession, after: timedelta
) -> None:
    limits = SessionLimits()
    assert not session.has_ended(limits, now=NOW + after - timedelta(microseconds=1))
    assert session.has_ended(limits, now=NOW + after)


# --- waiting -------------------------------------------------------------------------------------

ALL = [slowing.ACCOUNT, slowing.BROWSER, slowing.ADDRESS, slowing.CODE]


@pytest.mark.parametrize("rule", ALL)
def test_nobody_ever_waits_longer_than_the_longest(rule: Slowing) -> None:
    for count in (0, 1, rule.free, rule.free + 1, 50, 10**6):
        until = rule.wait_until(Failures(count, NOW))
        assert until is None or NOW < until <= NOW + rule.longest
        assert (until is None) == (count < rule.free)


@pytest.mark.parametrize("rule", ALL)
def test_each_failure_makes_the_wait_longer_until_it_is_the_longest(rule: Slowing) -> None:
    waits = [rule.wait_until(Failures(count, NOW)) for count in range(rule.free, rule.free + 25)]
    assert waits == sorted(waits, key=lambda until: until or NOW)
    assert waits[-1] == NOW + rule.longest


def test_failures_are_forgotten_after_a_while() -> None:
    rule = slowing.ACCOUNT
    many = Failures(9, NOW)
    assert rule.after_one_more(many, now=NOW + timedelta(minutes=59)).count == 10
    assert rule.after_one_more(many, now=NOW + timedelta(hours=1)).count == 1
    assert rule.after_one_more(None, now=NOW) == Failures(1, NOW)
