"""The adapter and the reference server together hold the whole contract of billing systems."""

from __future__ import annotations

import dataclasses
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import requests

from bot.money import Money
from bot.retention import account as core
from bot.retention.capabilities import Capability
from bot.retention.commands import Command, ConcessionNote
from tests.billing_contract import BillingContract
from tests.billing_contract_of_orders import OrdersContract
from tests.factories import NOW
from tests.http_billing.reference_server import COMMANDS, CONTRACT, schema
from tests.http_billing.served import TOKEN

SCHEMAS = CONTRACT["components"]["schemas"]
SHAPES = {
    **{
        shape.__name__: shape
        for shape in vars(core).values()
        if dataclasses.is_dataclass(shape) and shape.__module__ == core.__name__
    },
    **COMMANDS,
    "Money": Money,
}
SHAPES["Account"] = SHAPES.pop("AccountHistory")


@pytest.mark.stack
class TestHttpBilling(BillingContract, OrdersContract):
    """The contract, over a socket."""

    @pytest.fixture(autouse=True)
    def is_read_before_it_acts(self, request: pytest.FixtureRequest) -> None:
        late = "test_a_cancellation_heard_late_counts_from_when_it_was_said[False-"
        if request.node.name.startswith(late):
            pytest.skip("the adapter reads the account before every command, so it was looked at")


@pytest.mark.stack
def test_every_demo_account_is_told_as_the_document_says_and_read_as_the_books_have_it(
    billing, server
):
    for number in [f"A-{n}" for n in range(1001, 1016)]:
        response = requests.get(
            f"{server.url}/v1/accounts/{number}",
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=5,
        )
        assert list(schema("Account").iter_errors(response.json())) == []
        assert billing.history(number, now=NOW) == server.books.history(number, now=NOW)


# The document and the core's shapes say the same


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_document_has_the_fields_of_the_shape(name):
    described = set(SCHEMAS[name]["properties"]) - {"as_of", "command"}
    assert described == {field.name for field in dataclasses.fields(SHAPES[name])}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_field_may_be_missing_or_null_where_the_shape_allows_it(name):
    hints = get_type_hints(SHAPES[name])
    described = SCHEMAS[name]
    for field in dataclasses.fields(SHAPES[name]):
        told = described["properties"][field.name]
        assert allows_null(told) == (NoneType in get_args(hints[field.name])), field.name
        has_default = field.default is not dataclasses.MISSING or (
            field.default_factory is not dataclasses.MISSING
        )
        is_needed = not has_default or SHAPES[name] is Money
        assert (field.name in described["required"]) == is_needed, field.name


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_document_lists_the_words_of_the_core(name):
    hints = get_type_hints(SHAPES[name])
    for field in dataclasses.fields(SHAPES[name]):
        hint: Any = hints[field.name]
        if get_origin(hint) is None and issubclass(hint, Enum):
            told = resolved(SCHEMAS[name]["properties"][field.name])
            assert told["enum"] == [word.value for word in hint], field.name


def test_the_document_lists_every_command_and_capability():
    listed = {one["$ref"].rpartition("/")[2] for one in SCHEMAS["Command"]["oneOf"]}
    assert listed == {command.__name__ for command in get_args(Command)}
    words = SCHEMAS["Capabilities"]["properties"]["capabilities"]["items"]["enum"]
    assert words == [capability.value for capability in Capability]
    note = SCHEMAS["Note"]["oneOf"][0]
    assert set(note["properties"]) == {f.name for f in dataclasses.fields(ConcessionNote)}


def resolved(told: dict[str, Any]) -> dict[str, Any]:
    return SCHEMAS[told["$ref"].rpartition("/")[2]] if "$ref" in told else told


def allows_null(told: dict[str, Any]) -> bool:
    told = resolved(told)
    kinds = [one.get("type") for one in told.get("oneOf", ())]
    listed = told.get("type", kinds)
    return "null" in (listed if isinstance(listed, list) else [listed]) or "null" in kinds
