"""The demo shop's log-in: pick which customer to be. Exists in development mode only."""

from __future__ import annotations

from dataclasses import asdict
from secrets import token_urlsafe

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.errors import AccountNotFound
from bot.gateway import bodies
from bot.gateway.parts import Parts
from bot.gateway.widget.schemas import WhichAccount
from bot.use_cases.show_demo_customers import DemoCustomer

NO_STORE = {"cache-control": "no-store"}


async def demo_customers(request: Request) -> JSONResponse:
    customers = await _customers(request.app.state.parts)
    return JSONResponse([asdict(customer) for customer in customers], headers=NO_STORE)


async def demo_identity(request: Request) -> JSONResponse:
    """Sign what the shop's website would sign once its customer has logged in."""
    parts: Parts = request.app.state.parts
    asked = await bodies.read(request, WhichAccount)
    if asked.account not in {customer.account for customer in await _customers(parts)}:
        raise AccountNotFound(asked.account)
    identity = parts.identities.sign(asked.account, jti=token_urlsafe(16), now=parts.clock.now())
    return JSONResponse({"identity": identity}, headers=NO_STORE)


async def _customers(parts: Parts) -> tuple[DemoCustomer, ...]:
    return await run_in_threadpool(parts.demo_customers)
