"""Other languages are told from English, misspelt English included."""

import json

import pytest

from bot.settings import ROOT
from bot.understanding.language import foreign_language
from tests.understanding.engines import examples


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich möchte mein Abo kündigen", "de"),
        ("abo kuendigen", "de"),
        ("Bitte stornieren", "de"),
        ("Quiero cancelar mi suscripción", "es"),
        ("quiero darme de baja", "es"),
        ("anular", "es"),
        ("Je veux résilier mon abonnement", "fr"),
        ("annulez svp", "fr"),
        ("je souhaite mettre fin à mon contrat", "fr"),
        ("vorrei cancellare il mio abbonamento", "other"),
        ("quero cancelar a minha assinatura por favor", "other"),
        ("ik wil mijn abonnement opzeggen", "other"),
        ("取消订阅", "other"),
        ("أريد إلغاء اشتراكي", "other"),
        ("хочу отменить подписку", "other"),
    ],
)
def test_a_wish_to_leave_is_heard_in_each_language(text, language):
    heard = foreign_language(text)
    assert heard
    assert (heard.language, heard.wants_to_leave) == (language, True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Guten Tag, wo ist meine Bestellung?", "de"),
        ("das ist mir zu teuer", "de"),
        ("¿Dónde está mi pedido?", "es"),
        ("es muy caro", "es"),
        ("Bonjour, où est ma commande ?", "fr"),
        ("je n'utilise plus le service", "fr"),
        ("buongiorno, dov'è il mio pacco?", "other"),
        ("where is доставка моей посылки", "other"),
    ],
)
def test_another_message_is_no_wish_to_leave(text, language):
    heard = foreign_language(text)
    assert heard
    assert (heard.language, heard.wants_to_leave) == (language, False)


@pytest.mark.parametrize(
    "text",
    ["cancle pls", "cancel the damn thing", "no", "die!!", "merci", "pause", "ok si", "", "?"],
)
def test_english_and_signs_are_not_foreign(text):
    assert foreign_language(text) is None


def test_nothing_in_the_training_data_or_held_out_is_taken_for_another_language():
    held_out = (ROOT / "tests/understanding/held_out.jsonl").read_text().splitlines()
    texts = [example.text for example in examples()] + [json.loads(row)["text"] for row in held_out]
    assert len(texts) > 1000
    assert [text for text in texts if foreign_language(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "hola, I would like to stop the boxes por favor, gracias",
        "Guten Morgen, can you please end my Abonnement in May, danke",
    ],
)
def test_who_writes_a_clause_of_english_is_answered_in_it(text):
    assert foreign_language(text) is None
