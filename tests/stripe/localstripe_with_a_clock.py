"""localstripe with what it lacks, as Stripe documents it; runs in localstripe's own environment.

Added here: a clock that tests move, with the renewals that fall due on the way; idempotency keys;
trials, pauses of collection, discounts and metadata of subscriptions; customers' balances. What
localstripe has by itself is left as it is. This is a model of Stripe and not Stripe: what it
cannot show is listed in bot/docs/billing.md.
"""

import datetime as dt
import hashlib
import sys
from functools import partial
from types import SimpleNamespace

import localstripe.resources as r
from aiohttp import web
from dateutil.relativedelta import relativedelta

DAY = 24 * 3600
clock = SimpleNamespace(now=1_700_000_000)
saved = {}  # idempotency key: (at, fingerprint, status, body)
planned_failures = []  # "before" or "after" the request is carried out

r.time = SimpleNamespace(time=lambda: clock.now)
r.Store.dump_to_disk = lambda self: None


def to_time(epoch):
    return dt.datetime.fromtimestamp(epoch, dt.timezone.utc)


def later(epoch, anchor, interval):
    """Return the renewal after `epoch` in the rhythm of `anchor`."""
    step = {"month": 1, "year": 12}[interval]
    at, base = to_time(epoch), to_time(anchor)
    passed = (at.year - base.year) * 12 + at.month - base.month
    return int((base + relativedelta(months=passed + step)).timestamp())


def refuse(message, status=400, code=""):
    raise r.UserError(status, message, {"code": code})


class BalanceEntry(r.StripeObject):
    object = "customer_balance_transaction"
    _id_prefix = "cbtxn_"

    def __init__(self, customer, amount, currency, description=None, metadata=None):
        super().__init__()
        self.customer, self.amount, self.currency = customer, int(amount), currency
        self.description, self.metadata = description, metadata or {}

    @classmethod
    def _book(cls, id, amount=None, currency=None, description=None, metadata=None):
        customer = r.Customer._api_retrieve(id)
        if not int(amount or 0) or not currency:
            refuse("amount and currency are required")
        customer.balance += int(amount)
        return cls(id, amount, currency, description, metadata)

    @classmethod
    def _of_customer(cls, id, limit=None, starting_after=None):
        found = r.List(f"/v1/customers/{id}/balance_transactions", limit, starting_after)
        found._list = [o for o in r.store.values() if isinstance(o, cls) and o.customer == id]
        return found


class Invoice(r.StripeObject):
    """An invoice of a subscription; in place of localstripe's, which knows no time."""

    object = "invoice"
    _id_prefix = "in_"

    def __init__(self, subscription, customer, total, discounted=0):
        super().__init__()
        owner = r.Customer._api_retrieve(customer)
        self.subscription, self.customer, self.currency = subscription, customer, "usd"
        self.date = self.created
        self.total = total - discounted
        self.starting_balance = self.ending_balance = owner.balance
        self.amount_due, self.amount_paid, self.status = self.total, 0, "open"
        self.due_date, self.charge, self.metadata = None, None, {}
        self.auto_advance = True
        self.status_transitions = {"paid_at": None, "voided_at": None}

    def _update(self, auto_advance=None, metadata=None):
        if auto_advance is not None:
            self.auto_advance = auto_advance in ("true", True)
        self.metadata.update(metadata or {})

    def _collect_later(self):
        owner = r.Subscription._api_retrieve(self.subscription)
        self._collect(owner.collection_method == "charge_automatically")

    def _collect(self, automatically):
        self.status = "open"
        owner = r.Customer._api_retrieve(self.customer)
        used = min(self.total, max(0, -owner.balance))
        owner.balance += used
        self.ending_balance = owner.balance
        self.amount_due = self.total - used
        if not automatically and self.amount_due:
            self.due_date = self.created + 14 * DAY
            return
        if self.amount_due:
            self.charge = r.Charge(self.amount_due, "usd", customer=self.customer)
            self.charge.status = "succeeded"
        self.amount_paid, self.status = self.amount_due, "paid"
        self.status_transitions["paid_at"] = clock.now

    @classmethod
    def _void(cls, id):
        invoice = cls._api_retrieve(id)
        if invoice.status not in ("open", "uncollectible"):
            refuse(f"an invoice that is {invoice.status} cannot be voided")
        owner = r.Customer._api_retrieve(invoice.customer)
        owner.balance -= invoice.ending_balance - invoice.starting_balance
        invoice.status = "void"
        return invoice


class Subscriptions:
    """What takes the place of localstripe's subscriptions, method by method."""

    def create(
        self,
        customer=None,
        items=None,
        metadata=None,
        description=None,
        trial_end=None,
        collection_method="charge_automatically",
        test_period=None,
        backdate_start_date=None,
    ):
        r.Customer._api_retrieve(customer)
        r.StripeObject.__init__(self)
        self.customer, self.metadata, self.description = customer, metadata or {}, description
        self.collection_method = collection_method
        self.start_date = int(backdate_start_date or clock.now)
        self.cancel_at_period_end, self.cancel_at = False, None
        self.canceled_at = self.ended_at = self.discount = self.pause_collection = None
        self.trial_end = int(trial_end) if trial_end else None
        self.status = "trialing" if trial_end else "active"
        self.items = r.List(f"/v1/subscription_items?subscription={self.id}")
        (item,) = items
        self._put(item)
        starts, ends = (test_period or [clock.now, trial_end])[:2]
        self._start = int(starts)
        self.billing_cycle_anchor = int(ends or starts)
        self._end = int(ends or later(self._start, self._start, self.plan.interval))
        if not trial_end and not test_period:
            self._bill()

    def update(self, items=None, proration_behavior="create_prorations", **given):
        if self.status == "canceled":
            refuse("A canceled subscription can only update its metadata.")
        if items is not None:
            if proration_behavior != "none":
                refuse("Prorations are not modelled.", 500)
            self._put(items[0])
        for name, value in given.items():
            if name not in SETTABLE:
                refuse(f"Received unknown parameter: {name}")
            getattr(self, f"_set_{name}")(value)
        r.schedule_webhook(r.Event("customer.subscription.updated", self))

    def _set_metadata(self, metadata):
        for name, value in metadata.items():
            self.metadata.pop(name, None)
            if value != "":
                self.metadata[name] = value

    def _set_cancel_at_period_end(self, wanted):
        self.cancel_at_period_end = wanted in ("true", True)
        self.canceled_at = clock.now if self.cancel_at_period_end else None

    def _set_cancel_at(self, at):
        self.cancel_at = int(at) if at != "" else None

    def _set_discounts(self, wanted):
        self.discount = None if wanted == "" else discount(wanted[0]["coupon"], clock.now)

    def _set_trial_end(self, at):
        if int(at) <= clock.now:
            refuse("trial_end must be in the future")
        self.trial_end = self._end = self.billing_cycle_anchor = int(at)
        self.status = "trialing"

    def _set_billing_cycle_anchor(self, wanted):
        if wanted != "now":
            refuse("Only now is modelled.", 500)
        self.billing_cycle_anchor = self._start = clock.now
        self._end = later(clock.now, clock.now, self.plan.interval)
        self._bill()

    @classmethod
    def delete(cls, id):
        subscription = r.Subscription._api_retrieve(id)
        if subscription.status == "canceled":
            refuse(f"No such subscription: {id}", 404, "resource_missing")
        subscription._finish()
        return subscription

    def _finish(self):
        self.status, self.ended_at = "canceled", clock.now
        self.canceled_at = self.canceled_at or clock.now
        r.schedule_webhook(r.Event("customer.subscription.deleted", self))

    def _put(self, item):
        self.items._list = [
            r.SubscriptionItem(
                subscription=self.id, plan=item["plan"], quantity=int(item.get("quantity", 1))
            )
        ]

    def _set_pause_collection(self, wanted):
        if wanted == "":
            self.pause_collection = None
            return
        if wanted["behavior"] not in ("void", "keep_as_draft", "mark_uncollectible"):
            refuse("Invalid pause_collection[behavior]")
        ends = wanted.get("resumes_at")
        if ends and int(ends) <= clock.now:
            refuse("resumes_at must be in the future")
        self.pause_collection = {**wanted, "resumes_at": int(ends) if ends else None}

    def _renew(self):
        if self.cancel_at_period_end or (self.cancel_at and self.cancel_at <= clock.now):
            return self._finish()
        self.status = "active" if self.status == "trialing" else self.status
        self._start = self._end
        self._end = later(self._start, self.billing_cycle_anchor, self.plan.interval)
        return self._bill(at_once=False)

    def _bill(self, at_once=True):
        if self.discount and self.discount["end"] and self.discount["end"] <= clock.now:
            self.discount = None
        full = self.plan.amount * self.items._list[0].quantity
        percent = self.discount["coupon"]["percent_off"] if self.discount else 0
        invoice = Invoice(self.id, self.customer, full, int(full * percent / 100 + 0.5))
        if self.pause_collection:
            invoice.status = "void"
        elif at_once:
            invoice._collect(self.collection_method == "charge_automatically")
        else:
            # A renewal's invoice stays a draft for an hour, and then collects itself.
            invoice.status = "draft"
        self.latest_invoice = invoice.id


def discount(coupon, start):
    made = r.Coupon._api_retrieve(coupon)
    ends = None
    if made.duration == "repeating":
        ends = int((to_time(start) + relativedelta(months=made.duration_in_months)).timestamp())
    return {"object": "discount", "coupon": made._export(), "start": start, "end": ends}


def advance(to):
    """Let everything fall due up to and including that second, in its order."""
    while True:
        due = [event for event in falling_due() if event[0] <= to]
        if not due:
            break
        clock.now, _id, happen = min(due, key=lambda event: event[:2])
        happen()
    clock.now = to


def falling_due():
    """Give when something happens next to anything, to what, and how."""
    for one in list(r.store.values()):
        if isinstance(one, Invoice) and one.status == "draft" and one.auto_advance:
            yield one.created + 3600, one.id, one._collect_later
        if isinstance(one, r.Subscription) and one.status != "canceled":
            yield one._end, one.id, one._renew
            pause = one.pause_collection
            if pause and pause["resumes_at"]:
                yield pause["resumes_at"], one.id, partial(one._set_pause_collection, "")


def new_refund(original):
    def create(self, charge=None, amount=None, **given):
        left = r.Charge._api_retrieve(charge)
        left = left.amount - left.amount_refunded
        if int(amount or left or 1) > left:
            refuse("The charge has already been refunded.", 400, "charge_already_refunded")
        original(self, charge=charge, amount=amount, **given)

    return create


def new_customer(original):
    def create(self, balance=0, **given):
        original(self, **given)
        self.balance = int(balance)

    return create


SETTABLE = tuple(name.removeprefix("_set_") for name in dir(Subscriptions) if "_set_" in name)
for name in ("_finish", "_put", "_renew", "_bill", *(f"_set_{name}" for name in SETTABLE)):
    setattr(r.Subscription, name, getattr(Subscriptions, name))
r.Subscription.__init__ = Subscriptions.create
r.Subscription._update = Subscriptions.update
r.Subscription._api_delete = classmethod(lambda cls, id: Subscriptions.delete(id))
r.Subscription.current_period_start = property(lambda self: self._start)
r.Subscription.current_period_end = property(lambda self: self._end)
r.Refund.__init__ = new_refund(r.Refund.__init__)
r.Customer.__init__ = new_customer(r.Customer.__init__)
r.Customer.currency = property(lambda self: "usd")
r.extra_apis[:] = [one for one in r.extra_apis if "/invoices/{id}/void" not in one[1]]
r.extra_apis += [
    ("POST", "/v1/customers/{id}/balance_transactions", BalanceEntry._book),
    ("GET", "/v1/customers/{id}/balance_transactions", BalanceEntry._of_customer),
    ("POST", "/v1/invoices/{id}/void", Invoice._void),
]

from localstripe import server  # noqa: E402  it takes the routes when it is imported


async def set_clock(request):
    advance((await request.json())["now"])
    return web.Response()


async def start_again(request):
    r.store.clear()
    saved.clear()
    planned_failures.clear()
    clock.now = (await request.json())["now"]
    return web.Response()


async def fail_next(request):
    planned_failures.append((await request.json())["when"])
    return web.Response()


async def put_past(request):
    """Put what a business brings along from the time before: invoices and a running discount."""
    past = await request.json()
    for told in past.get("invoices", ()):
        now, clock.now = clock.now, told["created"]
        invoice = Invoice(told["subscription"], told["customer"], told["amount"])
        invoice._collect(told["paid"])
        clock.now = now
    for told in past.get("discounts", ()):
        one = r.Subscription._api_retrieve(told["subscription"])
        one.discount = discount(told["coupon"], told["start"])
    return web.Response()


async def count(request):
    kinds = [one.object for one in r.store.values()]
    return web.json_response({kind: kinds.count(kind) for kind in set(kinds)})


@web.middleware
async def idempotency(request, handler):
    """Answer the same request under the same key the same, for a day; also its failure."""
    key = request.headers.get("Idempotency-Key")
    if request.method not in ("POST", "DELETE") or request.path.startswith("/_config"):
        return await handler(request)
    content = request.method.encode() + request.path.encode() + await request.read()
    print_of = hashlib.sha256(content).hexdigest()
    if key in saved and clock.now - saved[key][0] <= DAY:
        _at, before, status, body = saved[key]
        if before != print_of:
            answer = {"error": {"type": "idempotency_error", "message": "other parameters"}}
            return web.json_response(answer, status=400)
        headers = {"Idempotent-Replayed": "true"}
        return web.Response(
            body=body, status=status, headers=headers, content_type="application/json"
        )
    failure = planned_failures.pop(0) if planned_failures else None
    if failure != "before":
        response = await handler(request)
    if failure:
        response = web.json_response({"error": {"type": "api_error"}}, status=500)
    if key and (response.status < 300 or response.status >= 500):
        saved[key] = (clock.now, print_of, response.status, response.body)
    return response


def main():
    server.app.middlewares.insert(0, idempotency)
    server.app.router.add_post("/_config/clock", set_clock)
    server.app.router.add_post("/_config/again", start_again)
    server.app.router.add_post("/_config/fail", fail_next)
    server.app.router.add_post("/_config/past", put_past)
    server.app.router.add_get("/_config/count", count)
    web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)


if __name__ == "__main__":
    main()
