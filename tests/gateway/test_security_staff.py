"""Staff who sign in, and what is tried against them: guessing, stealing, replaying, forging.

Each test is numbered by its security case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from bot.integrations.staff_passwords import Argon2Passwords
from bot.people.role import Role
from bot.settings import Mode
from bot.use_cases.change_person import disable_person
from bot.use_cases.load_demo_staff import DEMO_IDS, DEMO_PASSWORD, DEMO_STAFF, load_demo_staff
from tests.gateway.stack import Stack
from tests.gateway.staff_browser import (
    StaffBrowser,
    a_browser,
    code_now,
    field_of,
    signed_in,
    with_second_factor,
)
from tests.receptions import PASSWORD, a_person

REFUSED = "That did not work. Check what you typed and try again."
WRONG = "not the otters at all"


@pytest.fixture(autouse=True)
def time_stands_still(stack: Stack) -> None:
    """Waits and codes must not depend on how fast the test runs."""
    stack.clock.stop()


# --- 15: guessing passwords ----------------------------------------------------------------------


def test_15_twenty_wrong_passwords_for_one_account_are_slowed_and_lock_nobody_out(
    stack: Stack,
) -> None:
    kim = a_person(stack.reception)
    browser = a_browser(stack)

    answers = [browser.sign_in(kim.email, WRONG) for _ in range(20)]

    assert [answer.status_code for answer in answers[:5]] == [403] * 5
    assert {answer.status_code for answer in answers[5:]} == {429}
    assert int(answers[-1].headers["retry-after"]) >= 1
    # Even the right one has to wait, and then gets in, at the latest after a minute.
    assert browser.sign_in(kim.email).status_code == 429
    stack.clock.ahead += timedelta(minutes=1)
    assert browser.sign_in(kim.email).status_code == 303


def test_15_the_wait_grows_with_every_wrong_password(stack: Stack) -> None:
    kim = a_person(stack.reception)
    browser, waits = a_browser(stack), []
    for _ in range(12):
        answer = browser.sign_in(kim.email, WRONG)
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            stack.clock.ahead += timedelta(seconds=waits[-1])

    assert waits == sorted(waits)
    assert waits[0] < waits[-1] <= 60


def test_15_an_agent_whose_account_is_tried_from_elsewhere_gets_in_with_their_own_browser(
    stack: Stack,
) -> None:
    own, kim = signed_in(stack, Role.AGENT)
    own.send("/sign-out")
    attacker = a_browser(stack)
    for _ in range(6):
        attacker.sign_in(kim.email, WRONG)
    assert attacker.sign_in(kim.email).status_code == 429

    assert own.sign_in(kim.email).status_code == 303


def test_15_a_browser_is_known_for_its_own_person_alone(stack: Stack) -> None:
    theirs, _ = signed_in(stack, Role.TRAINER)
    kim = a_person(stack.reception)
    answers = [theirs.sign_in(kim.email, WRONG).status_code for _ in range(6)]

    assert answers == [403] * 5 + [429]


def test_15_a_spray_over_many_accounts_from_one_address_is_slowed(stack: Stack) -> None:
    people = [a_person(stack.reception, email=f"p{n}@larder.example") for n in range(30)]
    browser = a_browser(stack)

    answers = [browser.sign_in(person.email, WRONG).status_code for person in people]

    assert answers[:20] == [403] * 20
    assert set(answers[20:]) == {429}


def test_15_signing_in_with_ones_own_account_does_not_clear_the_address(stack: Stack) -> None:
    mine = a_person(stack.reception, email="mine@larder.example")
    browser, wrong = a_browser(stack), []
    for n in range(40):
        wrong.append(browser.sign_in(f"p{n}@larder.example", WRONG).status_code)
        if browser.sign_in(mine.email).status_code == 429:
            break

    assert len(wrong) <= 21


def test_15_many_at_once_are_counted_before_they_are_looked_at(stack: Stack) -> None:
    """A slow look at the first password must not let others through beside it."""
    kim = a_person(stack.reception)
    looked_at = []

    class Slow(Argon2Passwords):
        def fits(self, password_hash: str | None, password: str) -> bool:
            looked_at.append(password)
            if len(looked_at) < 10:
                a_browser(stack).sign_in(kim.email, f"{WRONG} {len(looked_at)}")
            return False

    stack.reception = replace(stack.reception, passwords=Slow(memory_kib=64, passes=1))
    stack.build()
    a_browser(stack).sign_in(kim.email, WRONG)

    assert len(looked_at) == 5


# --- 16: telling whether somebody works here -----------------------------------------------------


def test_16_unknown_disabled_uninvited_and_wrong_get_the_same_answer(stack: Stack) -> None:
    a_person(stack.reception, email="known@larder.example")
    gone = a_person(stack.reception, email="gone@larder.example")
    disable_person(gone.email, by=None, at=stack.reception)
    uninvited = a_person(stack.reception, email="new@larder.example")
    with stack.reception.unit_of_work() as uow:
        uow.people.set_password(uninvited.id, None)
        uow.commit()
    tried = [
        ("known@larder.example", WRONG),
        ("unknown@larder.example", WRONG),
        ("gone@larder.example", PASSWORD),
        ("new@larder.example", PASSWORD),
        ("no address", WRONG),
    ]

    answers = [a_browser(stack).sign_in(email, password) for email, password in tried]

    assert {answer.status_code for answer in answers} == {403}
    pages = {
        answer.text.replace(email, "").replace(" autofocus", "")
        for answer, (email, _) in zip(answers, tried, strict=True)
    }
    assert len(pages) == 1
    assert REFUSED in pages.pop()


def test_16_unknown_people_are_slowed_like_known_ones(stack: Stack) -> None:
    kim = a_person(stack.reception)
    known = [a_browser(stack).sign_in(kim.email, WRONG).status_code for _ in range(7)]
    unknown = [a_browser(stack).sign_in("who@larder.example", WRONG).status_code for _ in range(7)]

    assert known == unknown


def test_16_for_whom_nobody_knows_the_same_hashing_is_done(stack: Stack) -> None:
    hashed = []

    class Counting(Argon2Passwords):
        def fits(self, password_hash: str | None, password: str) -> bool:
            hashed.append(password_hash is not None)
            return super().fits(password_hash, password)

    kim = a_person(stack.reception)
    stack.reception = replace(stack.reception, passwords=Counting(memory_kib=64, passes=1))
    stack.build()
    a_browser(stack).sign_in(kim.email, WRONG)
    a_browser(stack).sign_in("who@larder.example", WRONG)

    assert hashed == [True, False]


@pytest.mark.alone
def test_16_known_and_unknown_people_take_the_same_time(stack: Stack) -> None:
    stack.reception = replace(stack.reception, passwords=Argon2Passwords())
    kim = a_person(stack.reception)
    with stack.reception.unit_of_work() as uow:
        uow.people.set_password(kim.id, stack.reception.passwords.hash(PASSWORD))
        uow.commit()
    stack.build()
    took: dict[str, list[float]] = {kim.email: [], "who@larder.example": []}
    browser = a_browser(stack)
    for _ in range(15):
        for email, times in took.items():
            stack.clock.ahead += timedelta(hours=2)  # nobody is slowed
            began = perf_counter()
            assert browser.sign_in(email, WRONG).status_code == 403
            times.append(perf_counter() - began)

    known, unknown = (median(times) for times in took.values())
    assert unknown == pytest.approx(known, rel=0.1)


# --- 17: session fixation ------------------------------------------------------------------------


def test_17_a_session_set_beforehand_is_not_taken_over(stack: Stack) -> None:
    kim = a_person(stack.reception)
    victim, attacker = a_browser(stack), a_browser(stack)
    for browser in (victim, attacker):
        browser.web.cookies.set("desk-session", "fixed-by-somebody-else", domain="127.0.0.1")

    assert victim.sign_in(kim.email).status_code == 303

    assert (
        "fixed"
        not in str(victim.web.get("/api/staff/me").request.headers["cookie"]).split(
            "desk-session="
        )[-1]
    )
    assert not attacker.is_in()


def test_17_password_second_factor_and_each_sign_in_bring_a_new_session(stack: Stack) -> None:
    kim = a_person(stack.reception)
    secret = with_second_factor(stack, kim)
    browser = a_browser(stack)

    browser.sign_in(kim.email)
    half = browser.session
    browser.send("/sign-in/code", code=code_now(stack, secret))
    full = browser.session
    stack.clock.ahead += timedelta(minutes=1)
    browser.sign_in(kim.email)
    browser.send("/sign-in/code", code=code_now(stack, secret))

    assert len({half, full, browser.session}) == 3
    assert not opens(stack, half)
    assert all(len(each) >= 43 for each in (half, full)), "256 bits are 43 characters of base64"


def test_17_half_signed_in_opens_nothing(stack: Stack) -> None:
    kim = a_person(stack.reception)
    with_second_factor(stack, kim)
    browser = a_browser(stack)
    browser.sign_in(kim.email)

    assert not browser.is_in()
    assert browser.get("/desk").headers["location"].startswith("/sign-in")


# --- 18: cookies, times, and signing out ---------------------------------------------------------


def test_18_with_tls_the_cookie_is_for_this_host_alone(stack: Stack) -> None:
    stack.set(public_url="https://desk.example")
    kim = a_person(stack.reception)
    browser = a_browser(stack)
    browser.web.base_url = "https://desk.example"  # type: ignore[assignment]

    answer = browser.send(
        "/sign-in", origin="https://desk.example", email=kim.email, password=PASSWORD
    )

    cookies = answer.headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith("__Host-desk-session="))
    flags = {flag.strip().lower() for flag in session.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= flags
    assert not any(flag.startswith(("domain", "expires", "max-age")) for flag in flags)
    assert all("secure" in one.lower() and "httponly" in one.lower() for one in cookies)


def test_18_on_this_machine_without_tls_one_can_sign_in_too(stack: Stack) -> None:
    browser, _ = signed_in(stack, Role.AGENT)
    assert browser.is_in()


def test_18_the_database_holds_no_session_secret(stack: Stack) -> None:
    browser, _ = signed_in(stack, Role.AGENT)
    stored = (stack.folder / "desk.db").read_bytes() + b"".join(
        path.read_bytes() for path in stack.folder.glob("desk.db-*")
    )
    assert len(browser.session) > 40
    assert browser.session.encode() not in stored


def test_18_a_session_that_idles_is_over(stack: Stack) -> None:
    browser, _ = signed_in(stack, Role.AGENT)
    for _ in range(3):
        stack.clock.ahead += timedelta(minutes=50)
        assert browser.get("/account").status_code == 200
    stack.clock.ahead += timedelta(minutes=60)

    assert not browser.is_in()


def test_18_what_a_page_asks_by_itself_keeps_no_session_alive(stack: Stack) -> None:
    browser, _ = signed_in(stack, Role.AGENT)
    for _ in range(6):
        stack.clock.ahead += timedelta(minutes=9)
        assert browser.is_in()
    stack.clock.ahead += timedelta(minutes=9)

    assert not browser.is_in()


def test_18_after_twelve_hours_one_signs_in_again_whatever_one_did(stack: Stack) -> None:
    browser, _ = signed_in(stack, Role.AGENT)
    for _ in range(14):
        stack.clock.ahead += timedelta(minutes=50)
        assert browser.get("/account").status_code == 200
    stack.clock.ahead += timedelta(minutes=21)

    assert browser.get("/account").status_code == 303


def test_18_signing_out_ends_the_session_on_the_server(stack: Stack) -> None:
    browser, _ = signed_in(stack, Role.AGENT)
    stolen = browser.session

    answer = browser.send("/sign-out")

    assert answer.headers["location"] == "/sign-in?told=out"
    assert browser.session == ""
    assert not opens(stack, stolen)


def test_18_one_can_see_and_end_ones_other_sessions(stack: Stack) -> None:
    here, kim = signed_in(stack, Role.AGENT)
    there, elsewhere = a_browser(stack), a_browser(stack)
    there.web.headers["user-agent"] = "A phone <script>"
    there.sign_in(kim.email)
    elsewhere.sign_in(kim.email)

    page = here.get("/account")
    assert "A phone &lt;script&gt;" in page.text
    here.send("/account/sessions/end", session=_session_named(page, "A phone"))
    assert (here.is_in(), there.is_in(), elsewhere.is_in()) == (True, False, True)
    here.send("/account/sessions/end-others")
    assert (here.is_in(), elsewhere.is_in()) == (True, False)


def test_18_nobody_ends_anothers_session(stack: Stack) -> None:
    mine, _ = signed_in(stack, Role.ADMINISTRATOR)
    theirs, kim = signed_in(stack, Role.AGENT)
    [session] = stack.reception.views.sessions_of(kim.id)

    mine.send("/account/sessions/end", session=session.digest)

    assert theirs.is_in()


def test_18_a_new_password_ends_every_other_session(stack: Stack) -> None:
    here, kim = signed_in(stack, Role.AGENT)
    there = a_browser(stack)
    there.sign_in(kim.email)
    new = "seven red bicycles"

    answer = here.send("/account/password", password=new, again=new)

    assert answer.headers["location"] == "/account?told=password"
    assert (here.is_in(), there.is_in()) == (True, False)
    assert there.sign_in(kim.email).status_code == 403
    assert there.sign_in(kim.email, new).status_code == 303


def test_18_what_changes_how_one_gets_in_asks_for_the_password_again(stack: Stack) -> None:
    browser, _ = signed_in(stack, Role.AGENT)
    stack.clock.ahead += timedelta(minutes=11)
    new = "seven red bicycles"

    asked = browser.send("/account/password", password=new, again=new)
    assert asked.headers["location"] == "/account/confirm?next=/account"
    assert browser.get("/account/second-factor").headers["location"].startswith("/account/confirm")
    assert browser.send("/account/confirm", password=WRONG).status_code == 403
    assert browser.get("/account/second-factor").status_code == 303
    confirmed = browser.send("/account/confirm", password=PASSWORD, next="/account/second-factor")
    assert confirmed.headers["location"] == "/account/second-factor"
    assert browser.get("/account/second-factor").status_code == 200


def test_18_confirming_cannot_be_guessed_either(stack: Stack) -> None:
    browser, _ = signed_in(stack, Role.AGENT)
    answers = [
        browser.send("/account/confirm", password=f"{WRONG} {n}").status_code for n in range(7)
    ]
    assert answers == [403] * 5 + [429] * 2


# --- 19: second factor ---------------------------------------------------------------------------


@pytest.fixture
def kims(stack: Stack) -> tuple[StaffBrowser, str, str]:
    """A browser whose password was given, the address, and the second factor's secret."""
    kim = a_person(stack.reception)
    secret = with_second_factor(stack, kim)
    browser = a_browser(stack)
    assert browser.sign_in(kim.email).headers["location"] == "/sign-in/code"
    return browser, kim.email, secret


def test_19_a_code_works_once(stack: Stack, kims: tuple[StaffBrowser, str, str]) -> None:
    browser, email, secret = kims
    code = code_now(stack, secret)
    assert browser.send("/sign-in/code", code=code).status_code == 303
    assert browser.is_in()

    thief = a_browser(stack)
    thief.sign_in(email)
    assert thief.send("/sign-in/code", code=code).status_code == 403
    # Nor does an older one, once a later one was taken.
    assert thief.send("/sign-in/code", code=code_now(stack, secret, steps=-1)).status_code == 403


@pytest.mark.parametrize(
    ("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_19_a_code_fits_for_half_a_minute_around_now(
    stack: Stack, kims: tuple[StaffBrowser, str, str], steps: int, fits: bool
) -> None:
    browser, _, secret = kims
    answer = browser.send("/sign-in/code", code=code_now(stack, secret, steps=steps))
    assert (answer.status_code == 303) == fits


def test_19_codes_cannot_be_guessed(stack: Stack, kims: tuple[StaffBrowser, str, str]) -> None:
    browser, email, secret = kims
    right = {code_now(stack, secret, steps=steps) for steps in (-1, 0, 1)}
    wrong = [f"{n:06d}" for n in range(30) if f"{n:06d}" not in right][:20]

    answers = [browser.send("/sign-in/code", code=code).status_code for code in wrong]
    assert answers == [403] * 5 + [429] * 15
    # Giving the password again does not begin the count anew, nor does another browser.
    other = a_browser(stack)
    other.sign_in(email)
    refused = other.send("/sign-in/code", code=code_now(stack, secret))
    assert refused.status_code == 429
    # And nobody is locked out for good.
    stack.clock.ahead += timedelta(minutes=15)
    other.sign_in(email)
    assert other.send("/sign-in/code", code=code_now(stack, secret)).status_code == 303


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "0" * 500, "-1e5.0"])
def test_19_what_is_no_code_is_refused(
    stack: Stack, kims: tuple[StaffBrowser, str, str], code: str
) -> None:
    browser, _, _ = kims
    assert browser.send("/sign-in/code", code=code).status_code == 403


def test_19_a_recovery_code_works_once_and_for_its_person_alone(stack: Stack) -> None:
    codes = {who: _set_up(stack, who) for who in ("kim@larder.example", "ada@larder.example")}

    def tries(email: str, code: str) -> int:
        browser = a_browser(stack)
        browser.sign_in(email)
        return int(browser.send("/sign-in/code", code=code).status_code)

    kims, adas = codes["kim@larder.example"], codes["ada@larder.example"]
    assert len(set(kims) | set(adas)) == 20
    assert tries("kim@larder.example", adas[0]) == 403
    assert tries("kim@larder.example", kims[0].lower()) == 303
    assert tries("kim@larder.example", kims[0]) == 403
    assert tries("kim@larder.example", kims[1]) == 303


def test_19_a_new_second_factor_voids_the_old_one_and_its_recovery_codes(stack: Stack) -> None:
    old = _set_up(stack, "kim@larder.example")
    stack.clock.ahead += timedelta(minutes=1)
    new = _set_up(stack, "kim@larder.example", recovery=old[0])
    browser = a_browser(stack)
    browser.sign_in("kim@larder.example")

    assert browser.send("/sign-in/code", code=old[1]).status_code == 403
    assert browser.send("/sign-in/code", code=new[0]).status_code == 303


def test_19_the_second_factors_secret_is_sealed_in_the_database(
    stack: Stack, kims: tuple[StaffBrowser, str, str]
) -> None:
    _, _, secret = kims
    stored = b"".join(path.read_bytes() for path in stack.folder.glob("desk.db*"))
    assert secret.encode() not in stored


def test_19_production_lets_nobody_in_without_a_second_factor(stack: Stack) -> None:
    stack.reception = replace(stack.reception, needs_second_factor=True)
    stack.build()
    kim = a_person(stack.reception)
    browser = a_browser(stack)

    assert browser.sign_in(kim.email, next="/desk").headers["location"] == (
        "/sign-in/second-factor?next=/desk"
    )
    assert not browser.is_in()
    page = browser.get("/sign-in/second-factor?next=/desk")
    secret = _secret_shown(page)
    wrong = _send_setup(browser, page, "/sign-in/second-factor", "000000")
    assert wrong.status_code == 403
    assert _secret_shown(wrong) == secret, "the app has it already"
    assert not browser.is_in()
    done = _send_setup(
        browser, page, "/sign-in/second-factor", code_now(stack, secret), next="/desk"
    )

    assert done.status_code == 200
    assert len(_codes_shown(done)) == 10
    assert browser.is_in()


def test_19_a_secret_made_for_somebody_else_is_not_taken(stack: Stack) -> None:
    mine, _ = signed_in(stack, Role.TRAINER)
    theirs, _ = signed_in(stack, Role.AGENT)
    page = theirs.get("/account/second-factor")
    code = code_now(stack, _secret_shown(page))

    refused = _send_setup(mine, page, "/account/second-factor", code)

    assert refused.status_code == 403
    assert _secret_shown(refused) != _secret_shown(page)
    assert "You have none yet." in mine.get("/account").text


# --- 40: known passwords -------------------------------------------------------------------------


def test_40_the_demos_people_are_let_in_in_development_and_never_in_production(
    stack: Stack,
) -> None:
    load_demo_staff(at=stack.reception)
    demo = DEMO_STAFF[0]
    browser = a_browser(stack)
    assert browser.sign_in(demo.email, DEMO_PASSWORD).status_code == 303
    assert browser.is_in()

    stack.reception = replace(stack.reception, closed_to=DEMO_IDS)
    stack.set(mode=Mode.PRODUCTION)
    later = a_browser(stack)

    assert later.sign_in(demo.email, DEMO_PASSWORD).status_code == 403
    assert not opens(stack, browser.session)


# --- helpers -------------------------------------------------------------------------------------


def opens(stack: Stack, session: str) -> bool:
    browser = a_browser(stack)
    browser.web.cookies.set("desk-session", session, domain="127.0.0.1")
    return browser.is_in()


def _session_named(page: Any, client: str) -> str:
    rest = page.text.split(client)[1]
    return str(rest.split('name="session" value="')[1].split('"')[0])


def _set_up(stack: Stack, email: str, *, recovery: str = "") -> list[str]:
    """Set up a second factor on the account page and return the recovery codes."""
    browser = a_browser(stack)
    if not recovery:
        a_person(stack.reception, email=email)
    browser.sign_in(email)
    if recovery:
        browser.send("/sign-in/code", code=recovery)
    page = browser.get("/account/second-factor")
    code = code_now(stack, _secret_shown(page))
    return _codes_shown(_send_setup(browser, page, "/account/second-factor", code))


def _send_setup(browser: StaffBrowser, page: Any, path: str, code: str, **more: str) -> Any:
    token = field_of(browser.get(path), "csrf_token")
    sealed = field_of(page, "sealed")
    return browser.send(path, csrf_token=token, sealed=sealed, code=code, **more)


def _secret_shown(page: Any) -> str:
    return str(page.text.split('<code id="secret">')[1].split("<")[0]).replace(" ", "")


def _codes_shown(page: Any) -> list[str]:
    return [part.split("<")[0] for part in page.text.split("<li><code>")[1:]]
