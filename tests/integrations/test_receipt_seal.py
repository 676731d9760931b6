"""A sealed receipt is genuine as it is, and refused with any change or another key."""

from __future__ import annotations

import json

import pytest

from bot.errors import ReceiptRefused
from bot.integrations.receipt_seal import ReceiptSeal, check_seal

SEAL = ReceiptSeal("one secret")
RECEIPT = {"id": "r-1", "title": "Cancellation confirmed", "lines": [["Last charge", "$89.00"]]}


def saved(**changed: object) -> str:
    return json.dumps({**SEAL.sealed(RECEIPT), **changed})


def test_a_receipt_as_it_was_sealed_is_genuine():
    assert check_seal(saved(), key=SEAL.public_key) == RECEIPT


def test_the_same_secret_makes_the_same_key_and_another_another():
    assert ReceiptSeal("one secret").public_key == SEAL.public_key
    assert ReceiptSeal("two secrets").public_key != SEAL.public_key


def test_an_indented_file_is_the_same_receipt():
    text = json.dumps(json.loads(saved()), indent=4, ensure_ascii=False)
    assert check_seal(text, key=SEAL.public_key) == RECEIPT


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (saved(receipt={**RECEIPT, "lines": [["Last charge", "$0.00"]]}), "changed"),
        (saved(receipt={**RECEIPT, "more": 1}), "changed"),
        (saved(seal={**SEAL.sealed(RECEIPT)["seal"], "signature": "AAAA"}), "changed"),
        (saved(seal={**SEAL.sealed(RECEIPT)["seal"], "signature": None}), "changed"),
        (saved(seal={**SEAL.sealed(RECEIPT)["seal"], "algorithm": "none"}), "another key"),
        (json.dumps(ReceiptSeal("forged").sealed(RECEIPT)), "another key"),
        (saved(seal=None), "no receipt file"),
        ("[]", "no receipt file"),
        ("not JSON", "no receipt file"),
        ("", "no receipt file"),
    ],
)
def test_anything_else_is_refused_in_words(text, told):
    with pytest.raises(ReceiptRefused, match=told):
        check_seal(text, key=SEAL.public_key)


def test_a_key_that_is_none_is_refused():
    with pytest.raises(ReceiptRefused):
        check_seal(saved(seal={**SEAL.sealed(RECEIPT)["seal"], "key": "x"}), key="x")
