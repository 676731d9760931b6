"""Whether a message is German, Spanish, French or in yet another language, by words and script."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.understanding.wordlists import word_set

# Words that English does not have (and misspelt English hardly makes), accents taken off.
# The first list says it alone, the second in company.
OTHER = "other"
_SURE: dict[str, str] = {
    "de": "brauche hilfe frage tschuss umgezogen kostet kosten paket kiste kisten essen umzug "
    "krank arbeitslos verstehe verstehen niemand vielen dank kundigen kuendigen kundigung "
    "kuendigung gekundigt gekuendigt kundige kuendige stornieren storniere stornierung "
    "abbestellen widerrufen widerruf rechnung bestellung lieferung mochte moechte bitte "
    "kostenlos guten ruckerstattung rueckerstattung erstattung kundendienst mitarbeiter "
    "beenden pausieren funktioniert warum wieviel zuruckgeben zuruck verlangerung vertrag "
    "abmelden loschen loeschen konto geld bezahlt bezahlen deutsch sprechen hallo teuer "
    "wochen monate",
    "es": "muchas cobraron cobro uso veces ustedes utilizo comida mudado mudamos perdi trabajo "
    "enfermo usted preguntar pregunta cancelar cancelacion cancele cancelen cancelo anular "
    "anulacion suscripcion cuenta pedido quiero quisiera necesito hola dinero reembolso "
    "devolver devolucion entrega paquete ayuda hablar espanol factura baja cuanto donde "
    "deseo puedo puede pueden dejar terminar caro cara demasiado semanas meses pausar nadie "
    "tampoco buenos dias buenas tardes noches estoy",
    "fr": "utilise utilisons beaucoup bonne journee recu demenage demenager malade emploi "
    "probleme prix repas envoyer resilier resiliation resilie annuler annulation annulez "
    "desabonner desabonnement arreter remboursement rembourser livraison colis bonjour "
    "bonsoir voudrais souhaite veux facture francais parler argent pourquoi combien "
    "aujourd'hui semaine semaines mois bientot conseiller cher chere pouvez besoin aide "
    "supprimer pourriez",
    # Enough of the neighbours' words not to mistake them for English that was not understood.
    OTHER: "vorrei voglio cancellare disdire disdetta annullare abbonamento rimborso ordine "
    "buongiorno buonasera grazie aiuto soldi pacco "  # Italian
    "quero gostaria preciso minha assinatura obrigado obrigada ajuda voce voces reembolso conta "
    "cancelamento encomenda ola dinheiro "  # Portuguese
    "ik wil graag mijn abonnement opzeggen annuleren bestelling bedankt dank alstublieft hoe kan "
    "niet goedemorgen goedemiddag pakket "  # Dutch
    "chce prosze dziekuje anulowac subskrypcje zamowienie zwrot paczka pieniadze dobry "  # Polish
    "jag vill prenumeration avsluta saga tack abonnement opsige afmelde "  # Swedish, Danish
    "aboneligi iptal etmek istiyorum siparis lutfen tesekkurler merhaba",  # Turkish
}
_COMPANY: dict[str, str] = {
    "de": "ich mein meine meinen meinem meiner das der den dem ein eine einen einem einer ist "
    "sind und oder aber nicht kein keine keinen mit von fur fuer auf zum zur im vom wir sie "
    "ihr mich mir uns es wie wann wo wer habe haben kann konnen koennen will wollen wird "
    "werden noch mehr schon sofort heute morgen jetzt ab abo monat jahr danke nein ja zu "
    "teuer weil wenn dass bei bin sehr gut neu leider immer nur auch einmal gibt geht "
    "lassen",
    "es": "el la los las un una unos unas mi mis tu su que por para con sin del al es son esta "
    "este estan esto muy mas pero porque cuando como ya lo le les se yo ustedes nosotros "
    "tengo tiene hacer hoy ahora manana gracias favor de en y caja cajas mes ano todavia "
    "siempre nunca nada algo alguien bien",
    "fr": "je tu il elle nous vous ils le la les un une des du de mon ma mes votre vos est sont "
    "et ou mais pas ne que qui avec pour sans sur dans ce cette ces au aux abonnement "
    "compte commande merci oui non tres trop suis ai avez avoir etre faire fait peut "
    "demande s'il plait svp maintenant immediatement toujours jamais rien aucun parce car "
    "c'est j'ai j'aimerais n'est qu'est l'abonnement d'annuler d'abonnement prochain "
    "prochaine",
    OTHER: "il mio mia sono non per favore il di che questo meu nao mais por een het van voor met "
    "meer geen op te nie to jest mi na moj moja min mitt inte jeg min ikke det bu bir",
}
# Shared with English, so they prove nothing.
_ALSO_ENGLISH = word_set(
    "a an in on so die war was hat man will wollen mit no me son once pays plus pause main but or "
    "as is ja non la le les des du plan de en es un si tu se al el lo mi ma car sale avoir pour "
    "dans fait los las y mes ou et sur ce est ab im zum bin gut bad am ist dem den wo wer uns noch "
    "del once sin con por ya yo mal tan don ne he she elle ours your mais cher baja favor "
    "bei uns hallo persona noches dias tardes buenas quest"
)
_ENGLISH = word_set(
    "i you the and to my me it is of for that this with have do not can please want what how when "
    "are be your we on in if was but so just cancel subscription order box would like get no yes "
    "hi hello thanks there from they will all at an about need help don't im i'm its it's any "
    "has had or by why where who up out now more"
)
_LEAVING = re.compile(
    r"\b(?:k(?:u|ue)ndig\w*|gek(?:u|ue)ndigt|stornier\w*|abbestell\w*|widerruf\w*|abmelden|beenden"
    r"|cancelar\w*|cancele[ns]?|cancelo|cancelacion|anul(?:ar|acion|en|e)\w*|dar(?:me|nos)? de baja"
    r"|de baja|terminar|desuscrib\w*|resili\w*|annul(?:er|ation|ez|e)\w*|desabonn\w*|arreter"
    r"|mettre fin|stopper|aufhoren|dejar de|disdire|disdetta|cancellare|annullare|opzeggen"
    r"|annuleren|anulowac|avsluta|opsige|iptal|cancelamento)\b"
)
# To cancel, in the scripts that are written most.
_LEAVING_ELSEWHERE = re.compile(
    "取消|退订|退訂|解約|キャンセル|إلغاء|الغاء|отмен|отпис|скасув|취소|해지|ביטול|रद्द|ยกเลิก|ακύρω|διακοπή"
)
_FEWEST_LETTERS = 2
_AN_ENGLISH_CLAUSE = 3
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_FOREIGN_LETTERS = {
    "de": re.compile(r"[äöüßÄÖÜ]"),
    "es": re.compile(r"[ñÑ¿¡]"),
    "fr": re.compile(r"[çœàèùâêîôûÇŒÀÈÙÂÊÎÔÛ]"),
    OTHER: re.compile(r"[ãõÃÕłŁżŻęĘąĄśŚğĞıİşŞåÅøØæÆ]"),
}
_SCRIPT = re.compile(r"LATIN|FULLWIDTH|MODIFIER|MATHEMATICAL|DOUBLE-STRUCK|ORDINAL")


@dataclass(frozen=True)
class Foreign:
    """A message in another language (`de`, `es`, `fr`, else `other`), and whether it speaks of
    leaving."""

    language: str
    wants_to_leave: bool


def foreign_language(message: str) -> Foreign | None:
    """Return the language of a message that is not English, else None."""
    if _is_in_another_script(message):
        return Foreign(OTHER, wants_to_leave=bool(_LEAVING_ELSEWHERE.search(message)))
    plain = _without_accents(message)
    # "n'utilise" is two words; an English contraction's tail is none of any list's.
    words = [part for word in _WORD.findall(plain) for part in (word, *word.split("'")[1:])]
    english = sum(word in _ENGLISH for word in words)
    language, score = max(
        ((name, _score(name, words, plain, message)) for name in _SURE), key=lambda pair: pair[1]
    )
    if score < 2 or score <= english or score < len(words) / 5:
        return None
    if english >= _AN_ENGLISH_CLAUSE and score <= 2 * english:
        return None  # "Bonjour, I want to stop my abonnement": who writes so reads English
    return Foreign(language, bool(_LEAVING.search(plain)))


def _is_in_another_script(message: str) -> bool:
    """Say whether most letters are of a script that English is not written in."""
    letters = [c for c in message if unicodedata.category(c) in ("Ll", "Lu", "Lt", "Lo")]
    strange = sum(not _SCRIPT.search(unicodedata.name(c, "LATIN")) for c in letters)
    return len(letters) >= _FEWEST_LETTERS and strange > len(letters) / 2


def _score(language: str, words: list[str], plain: str, message: str) -> float:
    sure, company = _WORDS[language]
    score = 2.0 * sum(word in sure for word in words)
    score += sum(word in company for word in words)
    # "La" and "me" alone prove nothing; beside proof they count.
    if score:
        score += 0.5 * sum(word in _SHARED[language] for word in words)
        score += 1.0 * bool(_FOREIGN_LETTERS[language].search(message))
        score += 2.0 * bool(_LEAVING.search(plain) and any(w in sure for w in words))
    return score


def _without_accents(message: str) -> str:
    lowered = unicodedata.normalize("NFKD", message.replace("ß", "ss").lower())
    return "".join(c for c in lowered if unicodedata.category(c) != "Mn").replace("’", "'")


_WORDS = {
    language: (
        word_set(_SURE[language]) - _ALSO_ENGLISH,
        word_set(_COMPANY[language]) - _ALSO_ENGLISH,
    )
    for language in _SURE
}
_SHARED = {
    language: (word_set(_SURE[language]) | word_set(_COMPANY[language])) & _ALSO_ENGLISH
    for language in _SURE
}
