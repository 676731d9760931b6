"""The words of domain.yml, for everything that is said without the assistant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bot.errors import FileInvalid
from bot.integrations.yaml_files import LOADER
from bot.retention.say import Say, worded_offer
from bot.use_cases.ports import Worded

BUTTON_PREFIX = "utter_button_"
# The same form that Rasa fills: {name}, nothing more.
_FIGURE = re.compile(r"{([^\s{}]+)}")


class DomainWording:
    """Responses by name; where one has variations, the first without a condition is used."""

    def __init__(self, texts: Mapping[str, str], *, where: str) -> None:
        self._texts = dict(texts)
        self._where = where

    @classmethod
    def from_file(cls, path: Path) -> DomainWording:
        """Read the `responses:` of a domain file.

        Raises:
            FileInvalid: it cannot be read, or a response has no text.
        """
        try:
            document = yaml.load(path.read_text(encoding="utf-8"), LOADER)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            problem = f"it cannot be read ({error})."
            raise FileInvalid(path.name, problem, "Repair the file.") from error
        responses = document.get("responses") if isinstance(document, dict) else None
        if not isinstance(responses, dict):
            raise FileInvalid(path.name, "there is no `responses:` section.", "Add one.")
        return cls(
            {name: _text(path.name, name, said) for name, said in responses.items()},
            where=path.name,
        )

    def render(self, say: Say) -> Worded:
        """Raises FileInvalid: the response is unknown or a figure is missing."""
        return Worded(
            text=self._filled(say.response, say.figures),
            buttons=tuple(replace(b, title=self.title(b.title)) for b in say.buttons),
            offer=say.offer
            and worded_offer(say.offer, lambda name: self._filled(name, say.figures)),
            receipt=say.receipt,
        )

    def title(self, name: str) -> str:
        return self._filled(name, {}) if name.startswith(BUTTON_PREFIX) else name

    def mail(self, kind: str, figures: dict[str, str]) -> tuple[str, str]:
        """Return subject and text: the responses `utter_mail_<kind>_subject` and `…_text`."""
        return (
            self._filled(f"utter_mail_{kind}_subject", figures),
            self._filled(f"utter_mail_{kind}_text", figures),
        )

    def figures_of(self, response: str) -> frozenset[str]:
        """Return the names of the figures the response needs."""
        return frozenset(_FIGURE.findall(self._text_of(response)))

    def check(self, responses: Iterable[str]) -> None:
        """Raises FileInvalid: one of these responses is missing."""
        for response in responses:
            self._text_of(response)

    def _filled(self, response: str, figures: Mapping[str, str]) -> str:
        def figure(match: re.Match[str]) -> str:
            if match[1] not in figures:
                raise FileInvalid(
                    f"{self._where}: {response}",
                    f"the figure {{{match[1]}}} is not given.",
                    f"Known here: {', '.join(sorted(figures)) or 'none'}.",
                )
            return figures[match[1]]

        # One pass over the template: a figure's own braces are never filled in turn.
        return _FIGURE.sub(figure, self._text_of(response))

    def _text_of(self, response: str) -> str:
        text = self._texts.get(response)
        if text is None:
            raise FileInvalid(self._where, f"there is no response {response!r}.", "Add it.")
        return text


def _text(where: str, name: str, variations: Any) -> str:
    for variation in variations if isinstance(variations, list) else ():
        if isinstance(variation, dict) and "condition" not in variation and "text" in variation:
            return str(variation["text"]).strip()
    raise FileInvalid(where, f"the response {name!r} has no text without a condition.", "Add one.")
