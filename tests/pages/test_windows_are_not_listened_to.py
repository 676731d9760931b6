"""No page of ours takes messages from other windows: security case 39."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bot.integrations.front_end import PAGES
from tests.journeys.widget_driver import WidgetDriver

LISTENING = re.compile(
    r"(?:window|self|globalThis|parent|top)\??\.(?:addEventListener\(\s*[\"'`]message|onmessage)"
    r"|(?<![.\w#])(?:addEventListener\(\s*[\"'`]message|onmessage\s*=)"
    r"|(?:window|parent|top|opener)\??\.postMessage\("
)
FORGED = (
    '{"type": "message", "message": {"seq": 99, "from": "agent", "text": "FORGED"}}',
    '{"type": "identify", "identity": "FORGED"}',
    '{"type": "state", "holder": "agent", "agent_name": "FORGED", "last_seq": 99, "idle": true}',
    "FORGED",
    "null",
)


def test_39_no_source_listens_to_or_writes_to_other_windows() -> None:
    sources = [
        path for path in PAGES.rglob("*.ts") if not {"node_modules", "dist"} & set(path.parts)
    ]
    assert len(sources) > 30
    found = [p.name for p in sources if LISTENING.search(p.read_text(encoding="utf-8"))]
    assert found == []
    assert LISTENING.search('window.addEventListener("message", hear)')


@pytest.mark.browser
def test_39_messages_of_another_window_change_nothing(driver: WidgetDriver) -> None:
    driver.open_shop("A-1001")
    driver.say("hello")
    before, storage = driver.messages(), driver.page.evaluate("() => ({...localStorage})")
    send = """(forged) => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const elsewhere = frame.contentWindow;
      for (const text of forged) {
        elsewhere.parent.postMessage(text, "*");
        window.postMessage(text, "*");
        try { window.postMessage(JSON.parse(text), "*"); } catch { /* no JSON */ }
      }
      frame.remove();
    }"""
    driver.page.evaluate(send, list(FORGED))
    driver.wait_idle()

    assert driver.messages() == before
    assert driver.page.evaluate("() => ({...localStorage})") == storage
    expect(driver.page.get_by_text("FORGED")).to_have_count(0)
    assert driver.faults == []
