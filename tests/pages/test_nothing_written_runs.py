"""Forty ways to write a script, written wherever somebody can write: none runs in anybody's page.

Security case 1, with the real gateway and the real pages. Chromium reports what the policy stopped;
that report stays empty too, because nothing gets as far as being stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from bot.conversations.canned import CannedReply
from bot.gateway.app import create_app
from bot.people.role import Role
from tests.factories import an_account
from tests.gateway import fakes
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.sockets import Web
from tests.gateway.stack import Customer, Stack, a_customer, served
from tests.gateway.staff_browser import signed_in
from tests.gateway.test_desk import Desk
from tests.gateway.trainers_desk import with_training_files
from tests.receptions import PASSWORD, a_person

pytestmark = pytest.mark.browser

RUN = "window.__ran.push(document.title)"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</p><script>{RUN}</script>",
    f"<ScRiPt src=data:text/javascript,{RUN}></ScRiPt>",
    f"<script type=module>{RUN}</script>",
    f"<img src=x onerror='{RUN}'>",
    f'<img src=x onerror="{RUN}"//',
    f"<IMG SRC=/nothing ONERROR={RUN}>",
    f"<svg onload='{RUN}'></svg>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin='{RUN}' attributeName=x dur=1s></svg>",
    f"<svg><a xlink:href='javascript:{RUN}'><text y=20>look</text></a></svg>",
    f"<math><mtext><img src=x onerror='{RUN}'></mtext></math>",
    f"<body onload='{RUN}'>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src='javascript:parent.{RUN}'></iframe>",
    f"<object data='javascript:{RUN}'></object>",
    f"<embed src='javascript:{RUN}'>",
    f"<details open ontoggle='{RUN}'>x</details>",
    f"<input autofocus onfocus='{RUN}'>",
    f"<video><source onerror='{RUN}'></video>",
    f"<audio src=x onerror='{RUN}'></audio>",
    f"<marquee onstart='{RUN}'>x</marquee>",
    f"<div style='animation: x 1s' onanimationstart='{RUN}'>x</div>",
    f"<style>@keyframes x{{}}</style><p style='animation:x 1s' onanimationend='{RUN}'>x</p>",
    f"<form action='javascript:{RUN}'><button>x</button></form>",
    f"<button formaction='javascript:{RUN}' form=x>x</button>",
    f"<a href='javascript:{RUN}'>look here</a>",
    f"<a href='java&#10;script:{RUN}'>look here</a>",
    f"javascript:{RUN}",
    f"JaVaScRiPt://help.example/%0a{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f"https://help.example/?q=<script>{RUN}</script>",
    f"https://help.example/'onmouseover='{RUN}",
    f'https://help.example/"><img src=x onerror={RUN}>',
    f"<base href='javascript:/*'><a href='*/{RUN}'>x</a>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<template><script>{RUN}</script></template>${{{RUN}}}{{{{{RUN}}}}}",
    f"<!--><img src=x onerror='{RUN}'>-->",
    f"\u202e<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
)
NAME = f"<img src=x onerror='{RUN}'>\"><script>{RUN}</script>"
WATCH = """
window.__ran = [];
window.__stopped = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__stopped.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# Every element and address, inside shadow roots too.
LOOK = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  const every = all(document);
  const bad = /^\\s*(?:j\\s*a\\s*v\\s*a\\s*script|data|vbscript):/i;
  return {
    ran: window.__ran, stopped: window.__stopped,
    links: every.flatMap((one) => ["href", "src", "action", "formaction", "xlink:href"]
      .map((name) => one.getAttribute(name) ?? "").filter((value) => bad.test(value))),
    handlers: every.flatMap((one) => [...one.attributes]
      .filter(({ name }) => name.startsWith("on")).map(({ name }) => `${one.tagName} ${name}`)),
    framed: every.filter((one) => /^(iframe|object|embed|base)$/i.test(one.tagName)).length,
    targets: every.filter((one) => one.tagName === "A" && one.target === "_blank"
      && !/noopener/.test(one.rel)).length,
  };
}"""
CLEAN = {"ran": [], "stopped": [], "links": [], "handlers": [], "framed": 0, "targets": 0}


@pytest.fixture(scope="module")
def assistant() -> Iterator[FakeAssistant]:
    fake = FakeAssistant()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, dist: Path, assistant: FakeAssistant
) -> Iterator[tuple[Stack, str, Customer]]:
    """A gateway where Maya, whose name is a script too, wrote every payload and waits."""
    stack = Stack(tmp_path_factory.mktemp("desk"), assistant)
    canned = (CannedReply("hello", "Hello <script>", "hi", "Hello {customer_name}, from here."),)
    desk = replace(stack.parts.agent_desk, canned=canned)
    stack.app = create_app(replace(stack.parts, agent_desk=desk))
    patch = pytest.MonkeyPatch()
    account = an_account()
    named = replace(account, customer=replace(account.customer, name=NAME))
    patch.setattr(fakes.FakeBilling, "history", lambda *_, **__: named)
    with served(stack) as url:
        maya = a_customer(Web(url), stack)
        for payload in PAYLOADS:
            assert maya.say(payload).status_code == 200
        maya.until_idle()
        assert maya.press("person").status_code == 200
        # Kim has a name that is a script, and writes scripts too.
        browser, person = signed_in(stack, Role.AGENT, email="kim@larder.example", name=NAME)
        kim = Desk(browser, person, browser.token())
        assert kim.at(maya.conversation, "claim").status_code == 200
        for payload in (PAYLOADS[0], PAYLOADS[4], PAYLOADS[26], PAYLOADS[28]):
            assert kim.say(maya.conversation, payload).status_code == 200
        yield stack, url, maya
    patch.undo()
    stack.dispose()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-US")
    page = context.new_page()
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    yield page
    context.close()


def looked_at(page: Page) -> dict[str, Any]:
    # What runs later, on an error of a picture or an animation, gets its time.
    page.wait_for_timeout(400)
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def test_1_there_are_forty_and_a_page_without_care_would_run_them(page: Page) -> None:
    assert len(set(PAYLOADS)) == 40
    page.goto("about:blank")
    page.evaluate(f"() => {{ {WATCH} }}")
    page.evaluate("(all) => { document.body.innerHTML = all.join('') }", PAYLOADS)
    found = looked_at(page)
    assert found["ran"]
    assert found["links"]


def test_1_nothing_a_customer_or_a_colleague_wrote_runs_at_the_desk(
    page: Page, desk: tuple[Stack, str, Customer]
) -> None:
    _, url, maya = desk
    page.goto(f"{url}/sign-in?next=/desk")
    page.get_by_label("E-mail address").fill("kim@larder.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    row = page.locator(f".row[data-conversation={maya.conversation}]")
    expect(row).to_be_visible()
    assert looked_at(page) == CLEAN

    row.click()
    expect(page.locator(".said--agent .said__text", has_text=PAYLOADS[28]).last).to_be_visible()
    page.get_by_role("button", name="Ready answers").click()
    expect(page.get_by_role("dialog")).to_contain_text(NAME)
    assert looked_at(page) == CLEAN
    page.get_by_role("dialog").get_by_role("button", name="Hello").click()
    expect(page.get_by_label("Reply to the customer")).to_have_value(f"Hello {NAME}, from here.")
    page.keyboard.press("Enter")
    page.get_by_label("Reply to the customer").fill(PAYLOADS[5])
    page.keyboard.press("Enter")
    expect(page.locator(".said--agent .said__text", has_text=PAYLOADS[5]).last).to_be_visible()
    page.get_by_role("button", name="Private note").click()
    page.locator("#words").fill(PAYLOADS[7])
    page.keyboard.press("Enter")
    expect(page.locator(".said--note .said__text")).to_have_text(PAYLOADS[7])
    shown = page.locator(".said--customer .said__text").all_inner_texts()
    assert PAYLOADS[0] in shown
    assert looked_at(page) == CLEAN

    page.get_by_label("Search in conversations").fill("<script>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    expect(page.get_by_text("<script>").first).to_be_visible()
    assert looked_at(page) == CLEAN
    page.goto(f"{url}/account")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert looked_at(page) == CLEAN


def test_1_nothing_a_customer_wrote_runs_in_the_studio(
    page: Page, desk: tuple[Stack, str, Customer]
) -> None:
    """Each message comes as a piece that htmx reads into the page."""
    stack, url, maya = desk
    with_training_files(stack)
    a_person(stack.reception, Role.TRAINER, email="tess@larder.example", name=NAME)
    page.goto(f"{url}/sign-in?next=/studio")
    page.get_by_label("E-mail address").fill("tess@larder.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    shown = set()
    said, told = page.locator("#said"), page.locator("#told")
    page.wait_for_load_state("load")  # nobody listens for keys before
    for _ in range(12):
        before = said.inner_text()
        shown.add(before.strip("“”"))
        page.keyboard.press("s")
        expect(told).to_have_text("Skipped.")
        expect(said).not_to_have_text(before)
    assert len(shown & set(PAYLOADS)) >= 10
    page.locator("#text").fill(PAYLOADS[4])
    page.locator("#other").fill(PAYLOADS[0])
    page.locator("#do-write").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no intent")
    assert looked_at(page) == CLEAN
    chat = f"/studio/conversations/{maya.conversation}"
    played = f"/studio/try/dialogue?conversation={maya.conversation}"
    for path in ("/studio/conversations", chat, played):
        page.goto(url + path)
        expect(page.locator("main")).to_contain_text(PAYLOADS[0])
        assert looked_at(page) == CLEAN, path
    page.goto(f"{url}/studio/try")
    page.get_by_label("Message").fill(PAYLOADS[4])
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#result")).to_contain_text(PAYLOADS[4], timeout=20_000)
    assert looked_at(page) == CLEAN


def test_1_nothing_an_agent_or_the_customer_wrote_runs_in_the_widget(
    page: Page, desk: tuple[Stack, str, Customer], tmp_path: Path
) -> None:
    _, url, _ = desk
    page.goto(url)
    page.locator("#customer option[value='A-1001']").wait_for(state="attached")
    page.locator("#customer").select_option("A-1001")
    page.get_by_text("(A-1001)").first.wait_for(state="attached")
    page.locator("save-desk .launcher").click()
    expect(page.locator("save-desk .message").nth(len(PAYLOADS))).to_be_attached()
    expect(page.locator("save-desk .log")).to_contain_text(PAYLOADS[0])
    expect(page.locator("save-desk .message--agent").first).to_contain_text(NAME)
    assert looked_at(page) == CLEAN

    page.locator("save-desk #save").click()
    with page.expect_download() as download:
        page.locator("save-desk #save-page").click()
    kept = tmp_path / "kept.html"
    download.value.save_as(kept)
    page.goto(kept.as_uri())
    expect(page.locator("body")).to_contain_text(PAYLOADS[0])
    assert looked_at(page) == CLEAN


def test_3_links_in_messages_lead_to_websites_alone(
    page: Page, desk: tuple[Stack, str, Customer]
) -> None:
    stack, url, _ = desk
    jonas = a_customer(Web(url), stack, "A-1002")
    jonas.say("see https://help.example/a?b=1 and http://help.example, not ftp://help.example/")
    jonas.say("nor javascript:alert(1) data:text/html,x file:///etc/passwd //help.example \\\\x")
    jonas.say("nor https://help.example\u202e/moc.live nor https://user:pw@help.example/")
    jonas.until_idle()
    page.goto(url)
    page.locator("#customer option[value='A-1002']").wait_for(state="attached")
    page.locator("#customer").select_option("A-1002")
    page.get_by_text("(A-1002)").first.wait_for(state="attached")
    page.locator("save-desk .launcher").click()
    expect(page.locator("save-desk .log")).to_contain_text("moc.live")

    links = page.locator("save-desk .log .message--customer a")
    for link in links.all():
        assert str(link.get_attribute("href")).startswith(("http://", "https://"))
        assert {"noopener", "nofollow"} <= set(str(link.get_attribute("rel")).split())
    addresses = [str(link.get_attribute("href")) for link in links.all()]
    assert addresses[:1] == ["https://help.example/a?b=1"]
    assert not any("\u202e" in address for address in addresses)


def test_1_a_receipt_and_a_refusal_hold_words_as_text(
    desk: tuple[Stack, str, Customer], page: Page
) -> None:
    stack, url, _ = desk
    with TestClient(stack.app, base_url=url) as web:
        for path in (f"/receipts/{NAME}", f"/sign-in?next={NAME}", f"/invitations/{NAME}"):
            answer = web.get(path, headers={"accept": "text/html"})
            assert "<script>" not in answer.text
            assert "onerror='" not in answer.text
    page.goto(f"{url}/sign-in?next={NAME}")
    assert looked_at(page) == CLEAN
