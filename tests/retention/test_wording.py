"""Every word a customer can read: it exists, its figures are given, and it presses nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot import bootstrap
from bot.conversations.escalation import EscalationReason
from bot.integrations.wording import DomainWording
from bot.retention import moves, small_talk
from bot.retention.authority import FOR_PEOPLE
from bot.retention.capabilities import Capability
from bot.retention.check_ins import CheckInKind
from bot.retention.outgoing_guard import Known, Outgoing, breaches
from bot.retention.proof.passages import Passage
from bot.retention.recorded_figures import Ledger
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Say
from bot.retention.ways import told_times
from bot.settings import ROOT
from tests.retention.every_state import walk

# Words that press, blame or beg; some would be fine elsewhere, none is needed here.
PRESSURE = re.compile(
    r"\b(hurry|last chance|only today|today only|act now|right away before|limited|don't miss|"
    r"miss out|lose|losing|regret|sure you want|are you sure|really want|sad to see|sorry to see|"
    r"miss you|please stay|don't go|unfortunately for you|wait!|exclusive|special offer|"
    r"one[- ]time|expires soon|while it lasts!|before it's too late|everyone|other customers|"
    r"best price|give up|throw away|benefits you)\b",
    re.IGNORECASE,
)
# Things only a person could say of themselves.
HUMAN = re.compile(r"\b(I'm a person|I am a person|my colleague|my name is|as a human)\b", re.I)
QUIET = {"customer_silent", "conversation_closed"}
LONGEST_SENTENCE_WORDS = 34
LONGEST_TEXT = 460
RECOGNISABLE = {
    "utter_button_accept": "Accept",
    "utter_button_confirm": "Confirm",
    "utter_button_cancel": "Cancel now",
    "utter_button_something_else": "Something else",
    "utter_button_person": "Talk to a person",
    "utter_button_keep": "Keep my subscription",
    "utter_button_return_for_refund": "Return for a refund",
    "utter_button_cancel_order": "Cancel the order",
}


@pytest.fixture(scope="module")
def walked() -> tuple[Passage, ...]:
    return walk()


@pytest.fixture(scope="module")
def wording() -> DomainWording:
    return bootstrap.wording()


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(bootstrap.DOMAIN_FILE.read_text(encoding="utf-8"))
    return document


def says(walked: tuple[Passage, ...]) -> Iterator[tuple[Passage, Say]]:
    for one in walked:
        for say in one.says:
            yield one, say


@pytest.mark.slow
def test_the_walk_reaches_nearly_everything_that_can_be_said(walked, domain):
    """The premise of the tests below; the rest is in `_said_elsewhere`."""
    said = {say.response for _one, say in says(walked)}
    assert len(said) > 130
    assert {one.heard.intent for one in walked} >= moves.KNOWN_INTENTS - {"conversation_closed"}


@pytest.mark.slow
def test_every_move_is_answered_except_silence(walked):
    mute = {
        (one.heard.intent, one.before.dialogue.awaiting)
        for one in walked
        if not one.says and one.step.act is None and one.step.identify is None
    }
    assert {intent for intent, _awaiting in mute} <= QUIET


@pytest.mark.slow
def test_every_figure_is_given_and_has_a_value(walked, wording):
    for one, say in says(walked):
        for figure in wording.figures_of(say.response):
            where = f"{say.response} after {one.heard.intent} of {one.before.beginning.title}"
            assert say.figures.get(figure, "-") not in {"-", "", "0"}, f"{where}: {figure}"


@pytest.mark.slow
def test_every_title_offer_and_receipt_is_worded(walked, wording):
    titles = {
        title
        for _one, say in says(walked)
        for title in (*(b.title for b in say.buttons), *_offer_names(say))
        if title.startswith("utter_")
    }
    receipts = {receipt.kind for one in walked for receipt in one.step.receipts}
    labels = {
        key for one in walked for receipt in one.step.receipts for key, _value in receipt.lines
    }
    wording.check(titles)
    page = json.loads((ROOT / "bot/pages/receipt/words.en.json").read_text(encoding="utf-8"))
    assert receipts <= set(page["titles"])
    assert labels <= set(page["labels"])
    wording.check(f"utter_button_guess_{intent}" for intent in small_talk._GUESSABLE)
    wording.check(f"utter_handoff_{reason.value}" for reason in EscalationReason)


@pytest.mark.slow
def test_offers_are_in_words_wherever_they_are_shown(walked, wording):
    for _one, say in says(walked):
        if say.offer:
            assert "utter_" not in str(wording.render(say).offer)


@pytest.mark.slow
def test_buttons_mean_what_the_assistant_knows(walked, domain):
    known = {*domain["intents"], PRESS_CANCEL, PRESS_PERSON}
    assert {b.intent for _one, say in says(walked) for b in say.buttons} <= known


@pytest.mark.slow
def test_no_response_is_left_over(walked, domain):
    used = {say.response for _one, say in says(walked)}
    used |= {title for _one, say in says(walked) for title in (b.title for b in say.buttons)}
    used |= {name for _one, say in says(walked) for name in _offer_names(say)}
    assert sorted(set(domain["responses"]) - used - set(_said_elsewhere())) == []


@pytest.mark.slow
def test_no_figure_can_take_the_place_of_a_part_of_the_message(walked):
    """Figures share a dictionary with the message's own keys, in the SDK and in Rasa."""
    figures = {name for _one, say in says(walked) for name in say.figures}
    own = {
        "text",
        "buttons",
        "elements",
        "custom",
        "template",
        "response",
        "image",
        "attachment",
        "quick_replies",
        "utter_action",
        "tracker",
        "output_channel",
    }
    assert figures
    assert figures & own == set()


@pytest.mark.slow
def test_nothing_the_desk_really_says_is_held_back(walked, wording):
    """Every message of every move, against the books as they then are."""
    judged = set()
    for one in walked:
        attempt = one.step.dialogue.attempt or next(iter(one.step.closed), None)
        stands = (one.before.beginning.title, attempt and attempt.refused)
        unread = [say for say in one.says if (stands, _as_read(say)) not in judged]
        if not unread:
            continue
        as_recorded = known_after(one)
        for say in unread:
            judged.add((stands, _as_read(say)))
            worded = wording.render(say)
            outgoing = Outgoing(worded.text, worded.buttons, worded.offer)
            assert breaches(outgoing, as_recorded) == (), f"{say.response}: {worded.text}"
    assert len(judged) > 1000


def _as_read(say: Say) -> str:
    """Return what a customer would read, before it is put into words: that takes longer."""
    return repr((say.response, sorted(say.figures.items()), say.buttons, say.offer))


def known_after(one: Passage) -> Known:
    """Return what is on record once the move is made."""
    before, after, dialogue = one.before.situation, one.after.situation, one.step.dialogue
    attempts = {a.id: a for a in (*before.earlier, *one.step.closed, dialogue.attempt) if a}
    ledger = Ledger(
        history=after.history,
        catalogue=(*before.catalogue, *(after.history.catalogue if after.history else ())),
        terms=before.terms,
        profile=after.profile,
        offers=[made.offer for attempt in attempts.values() for made in attempt.offers],
        moments=(after.now,),
        phrases=tuple(told_times(before.staffing.hours, after.now)) if before.staffing else (),
    )
    pressed = before.now if one.heard.intent == PRESS_CANCEL else None
    return Known("c-1", tuple(attempts.values()), pressed, ledger)


def test_each_response_has_one_wording_and_nothing_beside_it(domain):
    for name, variations in domain["responses"].items():
        assert [list(variation) for variation in variations] == [["text"]], name


def test_nobody_is_pressed_and_nobody_pretends_to_be_human(domain):
    for name, [variation] in domain["responses"].items():
        text = variation["text"]
        assert not PRESSURE.search(text), f"{name}: {PRESSURE.search(text)}"
        assert not HUMAN.search(text), name
        assert "!" not in text, f"{name}: no shouting"


def test_the_pressure_list_finds_what_it_is_for():
    for line in ("Hurry, only today!", "Are you sure you want to go?", "We're sad to see you go"):
        assert PRESSURE.search(line)


def test_texts_are_short_and_so_are_their_sentences(domain):
    for name, [variation] in domain["responses"].items():
        text = re.sub(r"{\w+}", "figure", variation["text"])
        assert len(text) <= LONGEST_TEXT, name
        for sentence in re.split(r"(?<=[.?:])\s", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE_WORDS, f"{name}: {sentence}"


def test_titles_customers_must_recognise_stay(wording):
    assert {name: wording.title(name) for name in RECOGNISABLE} == RECOGNISABLE


def test_the_first_message_says_that_it_is_automated(wording):
    for name in ("utter_welcome", "utter_welcome_visitor", "utter_automated"):
        assert (
            "automated assistant, not a person" in wording.render(Say(name, {"name": "Maya"})).text
        )


# R12, R13, R14: what a message of its kind has to state, as figures and as phrases.
EXIT = {"contract", "requested", "effective", "last_charge", "refund"}
STATES: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "utter_offer_": ({"price"}, ()),
    "utter_consent_": ({"subject", "price", "next_charge_on"}, ("cancel at any time",)),
    "utter_terms_": (set(), ("Shall I do it?",)),
    "utter_left_at_period_end": (EXIT, ("We keep", "undo")),
    "utter_left_at_once": (EXIT, ("We keep", "come back")),
    "utter_left_trial": (EXIT, ("We keep", "come back")),
    "utter_left_paused": (EXIT, ("We keep", "come back")),
    "utter_left_with_refund": (EXIT, ("We keep", "come back")),
    "utter_order_canceled": ({"item", "order", "requested", "refund"}, ("again",)),
    "utter_order_refund_requested": ({"item", "order", "requested", "refund"}, ("keep it",)),
}
NOT_THE_OFFER_ITSELF = ("utter_offer_title_", "utter_offer_terms_", "utter_offer_expired")


@pytest.mark.parametrize("kind", STATES)
def test_messages_state_what_their_kind_must(kind, domain, wording):
    figures, phrases = STATES[kind]
    names = [n for n in domain["responses"] if n.startswith(kind)]
    names = [n for n in names if not n.startswith(NOT_THE_OFFER_ITSELF)]
    assert names
    for name in names:
        assert figures <= wording.figures_of(name), name
        text = domain["responses"][name][0]["text"]
        assert all(phrase in text for phrase in phrases), name


def test_an_offer_that_runs_out_says_until_when_and_what_then(wording):
    for kind in ("discount", "pause", "extend_trial"):
        for family in ("offer", "offer_terms", "consent"):
            figures = wording.figures_of(f"utter_{family}_{kind}")
            assert {"until", "price"} <= figures, (family, kind)
    for kind in ("downgrade", "discount", "pause"):
        assert "starts_on" in wording.figures_of(f"utter_offer_{kind}")
    for kind in ("downgrade", "discount"):
        assert "value" in wording.figures_of(f"utter_offer_{kind}"), "the exact saving"


def test_every_handoff_promises_no_repetition_and_names_the_exit(domain):
    for name, [variation] in domain["responses"].items():
        if name.startswith("utter_handoff_"):
            assert "A person" in variation["text"] or "a person" in variation["text"], name
            assert "don't have to repeat" in variation["text"], name
            assert "Cancelling still works" in variation["text"], name


def _offer_names(say: Say) -> tuple[str, ...]:
    if say.offer is None:
        return ()
    return (say.offer["title"], say.offer["terms"], *(c["title"] for c in say.offer["choices"]))


def _said_elsewhere() -> Iterator[str]:
    """Yield what the use cases say by themselves, mails, and families that are closed lists."""
    # What is said where nobody is there, and unasked, is not walked; `ways` and `check_ins` have
    # tables of their own.
    beside = [ROOT / "bot" / "retention" / name for name in ("ways.py", "check_ins.py")]
    for path in (*(ROOT / "bot" / "use_cases").glob("*.py"), *beside):
        yield from re.findall(r'"(utter_[a-z_]+)"', path.read_text(encoding="utf-8"))
    yield from ("utter_mail_code_subject", "utter_mail_code_text")
    for reason in EscalationReason:
        yield from (f"utter_handoff_{reason.value}", f"utter_away_{reason.value}")
    for kind in CheckInKind:
        mail = f"utter_mail_check_in_{kind.value}"
        yield from (f"utter_check_in_{kind.value}", f"{mail}_subject", f"{mail}_text")
    yield from (f"utter_button_rating_{rating}" for rating in range(1, 6))
    yield from (f"utter_button_guess_{intent}" for intent in small_talk._GUESSABLE)
    yield "utter_will_be_done"  # see tests/use_cases/test_billing_down.py
    for kind in FOR_PEOPLE:  # the assistant never offers these
        for family in ("offer", "offer_title", "offer_terms", "consent", "done"):
            yield f"utter_{family}_{kind.value}"
    for lacking in Capability:  # see tests/use_cases/test_billing_lacks.py
        yield f"utter_billing_cannot_{lacking.value}"
    for way in ("exchange", "store_credit"):  # one alone, if a policy allows no other
        yield from (f"utter_offer_return_{way}", f"utter_offer_terms_return_{way}")
