"""A receipt, for whoever has its unguessable address: a page, plain text, or a sealed file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from bot.gateway.parts import Parts
from bot.settings import ROOT
from bot.use_cases.show_receipt import show_receipt

FOLDER = ROOT / "bot/pages/receipt"
PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}


@dataclass(frozen=True)
class ReceiptPaper:
    """What receipts are written on: the page, in which every value is escaped, and the words."""

    page: jinja2.Template
    words: dict[str, dict[str, str]]

    @classmethod
    def read(cls) -> ReceiptPaper:
        environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
        page = (FOLDER / "receipt.html").read_text(encoding="utf-8")
        words = json.loads((FOLDER / "words.en.json").read_text(encoding="utf-8"))
        return cls(environment.from_string(page), words)

    def lines_of(self, found: dict[str, Any]) -> list[tuple[str, str]]:
        """Return labels and values; the last line says how to come back, where there is a way."""
        lines = [(self._label(key), value) for key, value in found["lines"]]
        way_back = self.words["way_back"].get(found["kind"])
        return [*lines, (self._label("way_back"), way_back)] if way_back else lines

    def title_of(self, found: dict[str, Any]) -> str:
        return self.words["titles"].get(found["kind"]) or _plainly(found["kind"])

    def _label(self, key: str) -> str:
        return self.words["labels"].get(key) or _plainly(key)


async def receipt(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    paper: ReceiptPaper = request.app.state.receipt_paper
    found = await run_in_threadpool(
        show_receipt, request.path_params["receipt"], views=parts.switchboard.views
    )
    title, lines = paper.title_of(found), paper.lines_of(found)
    if request.query_params.get("format") == "file":
        return _file(parts, found, title, lines)
    if request.query_params.get("format") == "text":
        told = [title, "", *(f"{label}: {value}" for label, value in lines), ""]
        return PlainTextResponse("\n".join(told), headers=PRIVATE)
    page = paper.page.render(
        receipt={"title": title, "lines": lines}, customer=None, company=parts.settings.company
    )
    return HTMLResponse(page, headers=PRIVATE)


def _file(
    parts: Parts, found: dict[str, Any], title: str, lines: list[tuple[str, str]]
) -> Response:
    """Return what `python -m bot receipt verify` checks, to be saved."""
    written = {"id": found["id"], "company": parts.settings.company, "at": found["at"]}
    sealed = parts.seal.sealed({**written, "title": title, "lines": [list(one) for one in lines]})
    name = f'attachment; filename="receipt-{found["at"][:10]}.json"'
    return JSONResponse(sealed, headers={**PRIVATE, "content-disposition": name})


def _plainly(key: str) -> str:
    """Write a key that has no words yet so that it can be read."""
    return key.replace("_", " ").capitalize()
