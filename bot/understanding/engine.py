"""The whole understanding of one message: intent, further intents, reasons, entities, signals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np

from bot.understanding import engine_files
from bot.understanding.calibration import softmax
from bot.understanding.clauses import Clause, clauses
from bot.understanding.durations import rhythm
from bot.understanding.encoder import Encoder, name_of
from bot.understanding.entities import TOLD, Entity, finder_for
from bot.understanding.examples import REASON_ENTITY, WITHOUT_REASONS, Example
from bot.understanding.features import Floats, Row
from bot.understanding.hearing import in_their_language, signals_of
from bot.understanding.intents import IntentClassifier
from bot.understanding.lexicon import Lexicon
from bot.understanding.linear import LinearModel
from bot.understanding.nearness import Neighbour, Neighbourhood, Neighbours
from bot.understanding.normalise import MAX_CHARACTERS, tokens, tokens_and_breaks
from bot.understanding.parsed import LEAVING, REQUEST_CANCELLATION, Parsed
from bot.understanding.pleasantries import without_courtesies, without_please
from bot.understanding.reader import Reader
from bot.understanding.reasons import NamedReason, ReasonClassifier, texts_to_read
from bot.understanding.spelling import with_spelling
from bot.understanding.stances import refuses_to_leave, states_wish_to_leave, takes_leave
from bot.understanding.wordlists import word_set

CHANGE_FREQUENCY = "change_frequency"

# A clause must be this sure of itself to add an intent to the message's main one.
_CLAUSE_CONFIDENCE = 0.6
_SHORTEST_CLAUSE = 3
_STATED = 0.8
_DOUBTED = 0.1
_SOFTER_THAN_LEAVING = word_set(
    "give_reason complain report_problem express_hardship threaten_legal decline_offer deny affirm "
    "thank goodbye greet request_discount ask_other_options accept_offer ask_billing ask_plan "
    "change_frequency ask_for_agent request_data_erasure ask_order_status ask_are_you_human"
)
_A_CAUSE_TO_GO = word_set(
    "give_reason complain report_problem express_hardship threaten_legal request_discount deny "
    "decline_offer ask_billing ask_order_status ask_for_agent keep_subscription skip_delivery "
    "request_pause accept_offer undo_cancellation request_data_erasure"
)
_SMALL_TALK = word_set(
    "affirm deny greet thank goodbye give_reason complain out_of_scope ask_are_you_human"
)
# Said with a "please" these are still no wish.
_TELLS = word_set("give_reason complain report_problem express_hardship")
_PLAINLY_TOLD, _DOUBTFUL = 0.5, 0.6
_ADDRESSES = word_set("mailaddress link")
_COURTESIES = word_set("greet thank goodbye")
_SURE_BEHIND_COURTESIES = 0.8


# Takes work and returns what gives its result, once it is there.
Begin = Callable[[Callable[[], ReasonClassifier]], Callable[[], ReasonClassifier]]


class Engine:
    """Everything learned from one set of training examples; immutable after fitting."""

    def __init__(
        self,
        reader: Reader,
        intents: IntentClassifier,
        reasons: ReasonClassifier,
        neighbours: Neighbours,
        *,
        lexicon: Lexicon,
    ) -> None:
        """Put fitted parts together; `fit` and `from_files` make them."""
        self._neighbours = neighbours
        self._reader = reader
        self._intents = intents
        self._reasons = reasons
        self._lexicon = lexicon
        # Both classifiers read the same features: one look-up serves them both.
        self._together = LinearModel(
            np.hstack([intents.model.weights, reasons.model.weights]),
            np.concatenate([intents.model.biases, reasons.model.biases]),
        )

    @classmethod
    def fit(
        cls,
        examples: Sequence[Example],
        *,
        lexicon: Lexicon | None = None,
        encoder: Encoder | None = None,
        begin: Begin = lambda work: work,
    ) -> Engine:
        """Learn from examples, some thousand in ten seconds; `encoder` adds what words mean.

        The reasons are learned beside the intents where `begin` begins work in another process;
        by default one comes after the other. What is learned is the same.

        Raises:
            ValueError: there are fewer than two intents.
        """
        if len({example.intent for example in examples}) < 2:
            raise ValueError("Training needs examples of at least two intents.")
        # The order of the files must not matter.
        examples = sorted(examples, key=lambda example: (example.intent, example.text))
        texts = [example.text for example in examples]
        reader, read = Reader.fit(texts, texts_to_read(examples), encoder)
        tuned_on = encoder.tuned_on if encoder else frozenset()
        unseen = np.array([name_of(text) not in tuned_on for text in texts])
        learn_reasons = partial(ReasonClassifier.fit, width=reader.width, unseen=unseen)
        reasons = begin(lambda: learn_reasons(examples, read.__getitem__))
        return cls(
            reader,
            IntentClassifier.fit(
                [read[text] for text in texts],
                [[read[clause.text] for clause in clauses(text)] for text in texts],
                [example.intent for example in examples],
                width=reader.width,
                unseen=unseen,
            ),
            reasons(),
            Neighbours.of(
                [read[text] for text in texts], width=reader.vectoriser.width, texts=texts
            ),
            lexicon=lexicon or Lexicon(),
        )

    def parse(self, text: str, *, today: date, lexicon: Lexicon | None = None) -> Parsed:
        """Return what a message means by itself, without what was asked before.

        `today` is the customer's day; `lexicon` replaces the names the engine was fitted with. Of
        a very long message the beginning is read, so that no text can take up much time.
        """
        said, text = text, text[:MAX_CHARACTERS]
        whole, whole_margins, parts = self._read(text)
        around = self._neighbours.look(whole)
        mended = with_spelling(text)
        bare = without_courtesies(mended)
        if mended == text:
            ranking = self._ranking(whole, whole_margins, parts, around)
        else:
            ranking = self._ranked(mended)
        if bare != mended:
            ranking = _behind_courtesies(ranking, self._ranked(bare))
        if ranking[0][0] in LEAVING:
            ranking = self._unless_by_please(bare, ranking)
        further = self._clause_intents(parts) if len(parts) > 1 else []
        intents = tuple(dict.fromkeys([ranking[0][0], *further]))
        suspected = tuple(map(_as_entity, self._named_reasons(whole_margins, parts, around)))
        named = () if ranking[0][0] in WITHOUT_REASONS else suspected
        reasons = tuple(dict.fromkeys(str(cause.value) for cause in named))
        found = finder_for(lexicon or self._lexicon).find(text, today=today)
        if ranking[0][0] == CHANGE_FREQUENCY and all(
            e.entity != "duration" or e.role == TOLD for e in found
        ):
            found = (*found, *_rhythm(text))
        return in_their_language(
            Parsed(
                text=said,
                intent=ranking[0][0],
                confidence=ranking[0][1],
                ranking=tuple(ranking),
                intents=intents,
                reasons=reasons,
                entities=(*named, *found),
                signals=signals_of(bare, reasons, ranking[0]),
                suspected=suspected,
                nearness=around.near,
            )
        )

    def neighbours(self, text: str) -> tuple[Neighbour, ...]:
        """Return the training examples that vote on a message, most alike first.

        A model that was trained before examples were kept in it has none to tell.
        """
        (row,) = self._reader.rows([text[:MAX_CHARACTERS]])
        texts, labels = self._neighbours.texts, self._intents.labels
        return tuple(
            Neighbour(texts[place], self._intents.names[labels[place]], alike, share)
            for place, alike, share in self._neighbours.nearest(row)
            if place < len(texts)
        )

    def _read(self, text: str) -> tuple[Row, Floats, list[tuple[Clause, Floats]]]:
        """Return the message's row and margins, and its clauses with theirs."""
        found = clauses(text)
        if len(found) <= 1:
            (whole,) = self._reader.rows([text])
            # An address alone says nothing, whatever a name in it reads like.
            if _ADDRESSES.issuperset(tokens(text)):
                whole = replace(whole, familiar=0.0)
            margins = self._together.margins(whole)
            return whole, margins, [(clause, margins) for clause in found]
        whole, *rows = self._reader.rows([text, *(clause.text for clause in found)])
        parts = [self._together.margins(row) for row in rows]
        return whole, self._together.margins(whole), list(zip(found, parts, strict=True))

    def _ranking(
        self,
        whole: Row,
        margins: Floats,
        parts: Sequence[tuple[Clause, Floats]],
        around: Neighbourhood,
    ) -> list[tuple[str, float]]:
        found = self._intents.ranking(
            self._intent_part(margins),
            [self._intent_part(of_clause) for _, of_clause in parts],
            around,
            familiar=whole.familiar,
        )
        return _with_stated_wish(found, parts)

    def _ranked(self, text: str) -> list[tuple[str, float]]:
        """Return what the text ranks as by itself."""
        whole, margins, parts = self._read(text)
        return self._ranking(whole, margins, parts, self._neighbours.look(whole))

    def _unless_by_please(
        self, bare: str, ranking: list[tuple[str, float]]
    ) -> list[tuple[str, float]]:
        """Return the ranking without the "please" around it if that alone makes a wish of it."""
        asked = without_please(bare)
        alone = self._ranked(asked) if asked != bare else ranking
        intent, confidence = alone[0]
        told = intent in _TELLS and confidence >= _PLAINLY_TOLD
        surer = intent not in LEAVING and ranking[0][1] < _DOUBTFUL and confidence > ranking[0][1]
        return alone if told or surer else ranking

    def _intent_part(self, margins: Floats) -> Floats:
        return margins[: len(self._intents.names)]

    def _reason_part(self, margins: Floats) -> Floats:
        return margins[len(self._intents.names) :]

    def _clause_intents(self, parts: Sequence[tuple[Clause, Floats]]) -> list[str]:
        """Return what single clauses want beyond any doubt; small talk wants nothing."""
        wanted = []
        for clause, margins in parts:
            chances = softmax(self._intent_part(margins), temperature=self._intents.temperature)
            best = int(chances.argmax())
            name = self._intents.names[best]
            is_sure = chances[best] >= _CLAUSE_CONFIDENCE and name not in _SMALL_TALK
            if is_sure and len(clause.text.split()) >= _SHORTEST_CLAUSE:
                wanted.append(name)
        return wanted

    def _named_reasons(
        self, whole: Floats, parts: Sequence[tuple[Clause, Floats]], around: Neighbourhood
    ) -> tuple[NamedReason, ...]:
        return self._reasons.find(
            self._reason_part(whole),
            [(clause, self._reason_part(margins)) for clause, margins in parts],
            around,
        )

    def to_files(self) -> dict[str, bytes]:
        """Return the engine as files: plain arrays (`.npz`) and JSON, no pickles."""
        return engine_files.write(
            self._reader, self._intents, self._reasons, self._neighbours, lexicon=self._lexicon
        )

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], *, encoder: Encoder | None = None) -> Engine:
        """Return the engine that `to_files` wrote.

        `encoder` may be given whether or not the engine was fitted with one.

        Raises:
            ValueError: the files are of another form, or were fitted with another encoder.
            KeyError: a file or a part of it is missing.
        """
        reader, intents, reasons, neighbours, lexicon = engine_files.read(files, encoder=encoder)
        return cls(reader, intents, reasons, neighbours, lexicon=lexicon)


def _behind_courtesies(
    ranking: list[tuple[str, float]], alone: list[tuple[str, float]]
) -> list[tuple[str, float]]:
    """Return what is meant behind a greeting and before thanks, ranked `alone`; where that is not
    sure, or only a goodbye without its thanks, the courtesy may be all there is to the message."""
    intent, confidence = alone[0]
    sure = confidence >= _SURE_BEHIND_COURTESIES and intent not in LEAVING
    return ranking if ranking[0][0] in _COURTESIES and not sure else alone


def _rhythm(text: str) -> tuple[Entity, ...]:
    """The wished interval; elsewhere "every week" is only how often something happens."""
    said = rhythm(text)
    if said is None:
        return ()
    start, end, interval = said
    return (Entity("duration", text[start:end], interval, start, end),)


def _with_stated_wish(
    ranking: list[tuple[str, float]], parts: Sequence[tuple[Clause, Floats]]
) -> list[tuple[str, float]]:
    """Put the wish to leave first, and beyond doubt, where a clause states it.

    It comes before a complaint, a cause, hardship, a threat or a greeting in the same message,
    however long they are; another wish (an order, a pause) stays first.
    """
    softer = ranking[0][0] in _SOFTER_THAN_LEAVING | {REQUEST_CANCELLATION}
    if not (softer or ranking[0][0] in _A_CAUSE_TO_GO):
        return ranking
    plain = [" ".join(tokens_and_breaks(clause.text)) for clause, _ in parts]
    if ranking[0][0] == REQUEST_CANCELLATION and refuses_to_leave(plain):
        return _staying(ranking)
    goes = ranking[0][0] in _A_CAUSE_TO_GO and takes_leave(plain)
    if not (goes or (softer and states_wish_to_leave(plain))):
        return ranking
    wish = (REQUEST_CANCELLATION, max(ranking[0][1], _STATED))
    return [wish, *(pair for pair in ranking if pair[0] != REQUEST_CANCELLATION)]


def _staying(ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Put what is likeliest but for leaving first, as sure as leaving was: it was refused."""
    first = next(pair[0] for pair in ranking if pair[0] not in LEAVING)
    others = [pair for pair in ranking if pair[0] != first]
    return [(first, ranking[0][1]), *((name, min(sure, _DOUBTED)) for name, sure in others)]


def _as_entity(named: NamedReason) -> Entity:
    clause = named.evidence
    return Entity(REASON_ENTITY, clause.text, named.reason, clause.start, clause.end)
