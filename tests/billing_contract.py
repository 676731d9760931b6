"""What every billing system must do, as tests: a subclass gives the fixture `billing`.

The fixture holds the demo company as of NOW. Each test names the account it is about; what is
true of it stands in `bot/storage/demo_company.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.errors import AccountNotFound, NotPossible
from bot.money import Money
from bot.retention.account import AccountHistory, ConcessionKind, Subscription, SubscriptionStatus
from bot.retention.calendar import add_months
from bot.retention.commands import (
    ApplyDiscount,
    CancelSubscription,
    ChangeFrequency,
    ChangePlan,
    Command,
    ConcessionNote,
    ExtendTrial,
    GrantCredit,
    PauseSubscription,
    ResumeSubscription,
    SkipDelivery,
    UndoCancellation,
)
from tests.factories import NOW, TODAY, days_from_now

ACTIVE, PAUSED = SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED
CANCELED, TRIALING = SubscriptionStatus.CANCELED, SubscriptionStatus.TRIALING


def in_days(days: float) -> datetime:
    return NOW + timedelta(days=days)


def at(day: date) -> datetime:
    """Return noon of a day, when everything of that day has become due."""
    return NOW + timedelta(days=(day - TODAY).days)


def charges(history: AccountHistory, *, since: date) -> list[int]:
    """Return what was charged from that day on and not given back, oldest first."""
    return [
        i.amount.minor - i.refunded.minor
        for i in reversed(history.invoices)
        if i.issued_on >= since and i.status in {"paid", "open", "overdue", "refunded"}
    ]


def a_note(kind: str, *, value: int = 0, policy: str = "a_policy@1") -> ConcessionNote:
    return ConcessionNote(ConcessionKind(kind), policy, Money(value))


class Customer:
    """One account seen through the port; a command gets a key of its own unless one is given."""

    def __init__(self, billing: Any, account: str) -> None:
        self.billing, self.account, self._count = billing, account, 0

    def seen(self, now: datetime = NOW) -> AccountHistory:
        return self.billing.history(self.account, now=now)

    def subscription(self, now: datetime = NOW) -> Subscription:
        return self.seen(now).subscriptions[0]

    def does(
        self, command: Command, *, now: datetime = NOW, key: str | None = None
    ) -> AccountHistory:
        self._count += 1
        return self.billing.execute(
            self.account, command, key=key or f"{self.account}-{self._count}", now=now
        )

    def cannot(self, command: Command, because: str, *, now: datetime = NOW) -> None:
        """Assert a refusal that changes nothing."""
        before = self.seen(now)
        with pytest.raises(NotPossible, match=because):
            self.does(command, now=now)
        assert self.seen(now) == before


def cancels(
    subscription: str = "S-1001", *, at_once: bool = False, said_at: datetime = NOW, **more: Any
) -> CancelSubscription:
    return CancelSubscription(subscription, at_once, said_at, **more)


class BillingContract:
    """See the module."""

    @pytest.fixture
    def maya(self, billing: Any) -> Customer:
        """Family at 8,900, renews in 12 days, next box in 6."""
        return Customer(billing, "A-1001")

    # Looking

    def test_an_unknown_account_is_an_error(self, billing):
        with pytest.raises(AccountNotFound, match="A-9"):
            billing.history("A-9", now=NOW)
        with pytest.raises(AccountNotFound, match="A-9"):
            billing.execute("A-9", UndoCancellation("S-1"), key="k", now=NOW)

    def test_an_address_finds_its_account_however_it_is_typed(self, billing):
        assert billing.account_of_email(" Maya@Larder.example ") == "A-1001"
        assert billing.account_of_email("nobody@larder.example") is None

    def test_the_catalogue_lists_every_plan_at_its_list_price(self, billing):
        prices = {plan.code: plan.price.minor for plan in billing.catalogue()}
        assert prices == {
            "light": 1900,
            "solo": 3900,
            "duo": 5900,
            "family": 8900,
            "family_annual": 89000,
        }

    def test_an_account_of_several_households_is_told_what_it_would_pay_itself(self, billing):
        noor = Customer(billing, "A-1012")
        assert noor.subscription().price == Money(3 * 8900)
        assert noor.seen().plan("duo").price == Money(3 * 5900)
        noor.does(ChangePlan("S-1012", "duo"))
        assert noor.subscription(in_days(10)).price == Money(3 * 5900)

    # Time

    def test_a_renewal_issues_one_invoice_and_moves_on(self, maya):
        renews_on = maya.subscription().renews_on
        assert charges(maya.seen(at(renews_on) - timedelta(days=1)), since=renews_on) == []
        for _ in range(2):
            seen = maya.seen(at(renews_on))
            assert charges(seen, since=renews_on) == [8900]
            assert seen.subscriptions[0].period_starts_on == renews_on
            assert seen.subscriptions[0].renews_on == add_months(renews_on, 1)

    def test_boxes_go_out_in_their_rhythm_and_arrive(self, maya):
        seen = maya.seen(in_days(20))
        newest = [(box.due_on, box.status) for box in seen.boxes[:3]]
        assert newest == [
            (days_from_now(21), "dispatched"),
            (days_from_now(14), "delivered"),
            (days_from_now(7), "delivered"),
        ]
        assert seen.subscriptions[0].next_dispatch_on == days_from_now(27)

    def test_looking_once_after_long_tells_the_same_as_looking_every_day(self, billing):
        daily, once = Customer(billing, "A-1001"), Customer(billing, "A-1006")
        for customer in (daily, once):
            subscription = customer.subscription().id
            customer.does(ApplyDiscount(subscription, 20, 2))
            customer.does(GrantCredit(Money(5000)))
        for day in range(100):
            daily.seen(in_days(day))
        lately = [charges(c.seen(in_days(100)), since=TODAY)[:2] for c in (daily, once)]
        # Maya renews in 12 days and Sam in 20; both paid 7,120 twice, less the credit.
        assert lately == [[2120, 7120], [2120, 7120]]

    def test_an_invoice_that_cannot_be_collected_becomes_overdue_and_later_past_due(self, billing):
        ruth = Customer(billing, "A-1009")
        [overdue] = [i for i in ruth.seen().invoices if i.status == "overdue"]
        assert (TODAY - overdue.due_on).days == 11
        assert ruth.subscription().status is ACTIVE
        assert ruth.subscription(in_days(19)).status is ACTIVE
        assert ruth.subscription(in_days(20)).status is SubscriptionStatus.PAST_DUE

    def test_a_trial_ends_into_a_paid_subscription(self, billing):
        zoe = Customer(billing, "A-1015")
        assert (zoe.subscription().status, zoe.seen().invoices) == (TRIALING, ())
        after = zoe.seen(in_days(2))
        assert after.subscriptions[0].status is ACTIVE
        assert charges(after, since=TODAY) == [5900]
        assert after.subscriptions[0].renews_on == add_months(days_from_now(2), 1)

    # Pause and resume

    def test_a_pause_starts_with_the_next_renewal_and_ends_by_itself(self, maya):
        starts_on = maya.subscription().renews_on
        resumes_on = add_months(starts_on, 2)
        pause = PauseSubscription("S-1001", starts_on, resumes_on, a_note("pause"))
        told = maya.does(pause).subscriptions[0]
        assert (told.status, told.pause.starts_on, told.pause.resumes_on) == (
            ACTIVE,
            starts_on,
            resumes_on,
        )
        paused = maya.seen(at(starts_on))
        assert paused.subscriptions[0].status is PAUSED
        assert paused.subscriptions[0].next_dispatch_on is None
        assert paused.subscriptions[0].renews_on == resumes_on
        before_end = maya.seen(at(resumes_on) - timedelta(days=1))
        assert charges(before_end, since=starts_on) == []
        assert [b for b in before_end.boxes if b.due_on > starts_on] == []
        back = maya.seen(at(resumes_on))
        assert (back.subscriptions[0].status, back.subscriptions[0].pause) == (ACTIVE, None)
        assert charges(back, since=starts_on) == [8900]
        assert back.subscriptions[0].renews_on == add_months(resumes_on, 1)

    @pytest.mark.parametrize(
        ("months", "days", "possible"),
        [(0, 1, True), (3, 0, True), (3, 1, False), (0, 0, False), (0, -5, False)],
    )
    def test_a_pause_is_at_most_three_months_at_a_time(self, maya, months, days, possible):
        starts_on = maya.subscription().renews_on
        until = add_months(starts_on, months) + timedelta(days=days)
        pause = PauseSubscription("S-1001", starts_on, until)
        if possible:
            assert maya.does(pause).subscriptions[0].pause.resumes_on == until
        else:
            maya.cannot(pause, "pause")

    def test_a_pause_on_another_day_than_the_renewal_is_refused(self, maya):
        day = maya.subscription().renews_on + timedelta(days=1)
        maya.cannot(PauseSubscription("S-1001", day, add_months(day, 1)), "next renewal")

    @pytest.mark.parametrize(("more", "possible"), [(3, True), (4, False)])
    def test_a_running_pause_is_moved_within_six_months_in_a_row(self, billing, more, possible):
        ines = Customer(billing, "A-1007")
        pause = ines.subscription().pause
        later = add_months(pause.resumes_on, more)
        longer = PauseSubscription("S-1007", pause.starts_on, later)
        if not possible:
            return ines.cannot(longer, "3 months")
        ines.does(longer)
        assert ines.subscription(in_days(9)).status is PAUSED
        latest = add_months(pause.starts_on, 6)
        ines.cannot(
            PauseSubscription("S-1007", pause.starts_on, latest + timedelta(days=1)), "in a row"
        )
        ines.does(PauseSubscription("S-1007", pause.starts_on, latest))
        assert charges(ines.seen(at(latest)), since=TODAY) == [3900]
        return None

    def test_a_pause_that_is_made_longer_belongs_to_the_newer_concession(self, maya):
        starts_on = maya.subscription().renews_on
        for months in (1, 2):
            until = add_months(starts_on, months)
            maya.does(PauseSubscription("S-1001", starts_on, until, a_note("pause")))
        newer, older = maya.seen().concessions
        told = maya.does(cancels(revoke=(newer.id,)))
        assert [c.revoked_at for c in told.concessions] == [NOW, None]
        assert maya.does(UndoCancellation("S-1001")).subscriptions[0].pause is None
        assert older.id != newer.id

    def test_resuming_early_starts_a_paid_period_today(self, billing):
        ines = Customer(billing, "A-1007")
        told = ines.does(ResumeSubscription("S-1007"), now=in_days(3))
        assert (told.subscriptions[0].status, told.subscriptions[0].pause) == (ACTIVE, None)
        assert told.subscriptions[0].renews_on == add_months(days_from_now(3), 1)
        assert charges(ines.seen(in_days(20)), since=TODAY) == [3900]

    def test_a_pause_that_has_not_begun_can_be_given_up(self, maya):
        starts_on = maya.subscription().renews_on
        maya.does(PauseSubscription("S-1001", starts_on, add_months(starts_on, 1)))
        assert maya.does(ResumeSubscription("S-1001")).subscriptions[0].pause is None
        assert charges(maya.seen(at(starts_on)), since=starts_on) == [8900]

    def test_resuming_what_is_not_paused_is_refused(self, maya):
        maya.cannot(ResumeSubscription("S-1001"), "not paused")

    def test_a_trial_cannot_be_paused(self, billing):
        zoe = Customer(billing, "A-1015")
        ends_on = zoe.subscription().trial_ends_on
        zoe.cannot(PauseSubscription("S-1015", ends_on, add_months(ends_on, 1)), "trial")

    # Boxes

    def test_a_skipped_box_is_not_sent_and_the_next_one_is(self, maya):
        day = maya.subscription().next_dispatch_on
        told = maya.does(SkipDelivery("S-1001", day, a_note("skip"))).subscriptions[0]
        assert day in told.skipped
        assert told.next_dispatch_on == day + timedelta(days=7)
        boxes = maya.seen(in_days(14)).boxes
        assert [b.status for b in boxes[:2]] == ["delivered", "skipped"]
        assert charges(maya.seen(in_days(14)), since=TODAY) == [8900]

    def test_a_box_skipped_long_before_anybody_looks_again_was_still_skipped(self, maya):
        day = maya.subscription().next_dispatch_on
        before = len(maya.seen().boxes)
        maya.does(SkipDelivery("S-1001", day))
        later = maya.seen(in_days(400))
        assert day not in later.subscriptions[0].skipped, "it is too long ago to be told"
        assert {box.status for box in later.boxes} == {"delivered"}
        assert len(later.boxes) > before

    @pytest.mark.parametrize(("days_before", "possible"), [(6, True), (3, True), (2, False)])
    def test_a_box_can_be_skipped_until_three_days_before_dispatch(
        self, maya, days_before, possible
    ):
        day = maya.subscription().next_dispatch_on
        now = at(day) - timedelta(days=days_before)
        if possible:
            assert day in maya.does(SkipDelivery("S-1001", day), now=now).subscriptions[0].skipped
        else:
            maya.cannot(SkipDelivery("S-1001", day), "until 3 days before", now=now)

    def test_only_a_coming_box_can_be_skipped_and_only_once(self, maya):
        day = maya.subscription().next_dispatch_on
        maya.cannot(SkipDelivery("S-1001", day + timedelta(days=1)), "No box")
        maya.cannot(SkipDelivery("S-1001", day - timedelta(days=7)), "No box")
        maya.cannot(SkipDelivery("S-1001", day + timedelta(weeks=60)), "No box")
        maya.does(SkipDelivery("S-1001", day))
        maya.cannot(SkipDelivery("S-1001", day), "already skipped")

    def test_a_box_after_the_end_cannot_be_skipped_one_before_it_can(self, maya):
        maya.does(cancels())
        day = maya.subscription().next_dispatch_on
        maya.does(SkipDelivery("S-1001", day))
        maya.cannot(SkipDelivery("S-1001", day + timedelta(days=7)), "No box")

    def test_another_rhythm_counts_from_the_next_box(self, maya):
        day = maya.subscription().next_dispatch_on
        assert maya.does(ChangeFrequency("S-1001", 2)).subscriptions[0].every_weeks == 2
        assert maya.subscription(at(day)).next_dispatch_on == day + timedelta(days=14)
        maya.cannot(ChangeFrequency("S-1001", 0), "weeks")
        maya.cannot(ChangeFrequency("S-1001", 9), "weeks")

    # Plan and price

    def test_another_plan_starts_with_the_next_renewal(self, maya):
        renews_on = maya.subscription().renews_on
        told = maya.does(ChangePlan("S-1001", "duo", a_note("downgrade", value=3000)))
        [now] = told.subscriptions
        assert (now.plan, now.price.minor) == ("family", 8900)
        assert (now.pending_change.plan, now.pending_change.price.minor) == ("duo", 5900)
        assert now.pending_change.starts_on == renews_on
        after = maya.seen(at(renews_on))
        assert (after.subscriptions[0].plan, after.subscriptions[0].price.minor) == ("duo", 5900)
        assert after.subscriptions[0].pending_change is None
        assert charges(after, since=renews_on) == [5900]
        newest = after.plan_changes[0]
        assert (newest.from_plan, newest.to_plan, newest.changed_on) == (
            "family",
            "duo",
            renews_on,
        )

    def test_the_rescue_plan_sends_one_box_in_four_weeks(self, maya):
        maya.does(ChangePlan("S-1001", "light"))
        assert maya.subscription(in_days(13)).every_weeks == 4

    def test_a_change_between_month_and_year_takes_its_rhythm_from_the_change_on(self, maya):
        renews_on = maya.subscription().renews_on
        maya.does(ChangePlan("S-1001", "family_annual"))
        after = maya.seen(at(renews_on))
        assert charges(after, since=renews_on) == [89000]
        assert after.subscriptions[0].renews_on == add_months(renews_on, 12)

    def test_the_last_agreed_plan_counts(self, maya):
        maya.does(ChangePlan("S-1001", "duo"))
        told = maya.does(ChangePlan("S-1001", "solo"))
        assert told.subscriptions[0].pending_change.plan == "solo"
        after = maya.seen(in_days(12))
        assert after.subscriptions[0].plan == "solo"
        assert [c.to_plan for c in after.plan_changes] == ["solo", "family"]

    def test_an_unknown_plan_and_the_same_plan_are_refused(self, maya):
        maya.cannot(ChangePlan("S-1001", "gold"), "no plan 'gold'")
        maya.cannot(ChangePlan("S-1001", "family"), "already")

    def test_a_discount_holds_for_its_cycles_and_no_longer(self, maya):
        renews_on = maya.subscription().renews_on
        note = a_note("discount", value=5340, policy="price_relief@1")
        told = maya.does(ApplyDiscount("S-1001", 20, 3, note)).subscriptions[0]
        assert (told.discount.percent, told.discount.ends_on) == (20, add_months(renews_on, 3))
        assert told.price.minor == 8900
        in_third = maya.seen(at(add_months(renews_on, 2)))
        assert charges(in_third, since=renews_on) == [7120, 7120, 7120]
        assert in_third.subscriptions[0].discount == told.discount
        after = maya.seen(at(told.discount.ends_on))
        assert charges(after, since=renews_on) == [7120, 7120, 7120, 8900]
        assert after.subscriptions[0].discount is None

    def test_a_pause_does_not_eat_up_a_discount(self, maya):
        renews_on = maya.subscription().renews_on
        maya.does(ApplyDiscount("S-1001", 20, 2))
        resumes_on = add_months(renews_on, 2)
        told = maya.does(PauseSubscription("S-1001", renews_on, resumes_on)).subscriptions[0]
        assert told.discount.ends_on == add_months(resumes_on, 2)
        for day in (renews_on, resumes_on):
            assert maya.subscription(at(day)).discount == told.discount
        after = maya.seen(at(add_months(resumes_on, 2)))
        assert charges(after, since=renews_on) == [7120, 7120, 8900]

    def test_an_extended_trial_moves_a_discount_with_it(self, billing):
        zoe = Customer(billing, "A-1015")
        zoe.does(ApplyDiscount("S-1015", 20, 1))
        told = zoe.does(ExtendTrial("S-1015", 14)).subscriptions[0]
        assert told.discount.ends_on == add_months(told.renews_on, 1)
        after = zoe.seen(at(told.discount.ends_on))
        assert charges(after, since=TODAY) == [4720, 5900]

    def test_a_second_discount_is_refused_while_one_runs(self, billing):
        priya = Customer(billing, "A-1003")
        ends_on = priya.subscription().discount.ends_on
        priya.cannot(ApplyDiscount("S-1003", 20, 3), f"20 % runs until {ends_on}")

    @pytest.mark.parametrize(("percent", "cycles"), [(0, 3), (101, 3), (20, 0), (20, 13)])
    def test_a_discount_out_of_bounds_is_refused(self, maya, percent, cycles):
        maya.cannot(ApplyDiscount("S-1001", percent, cycles), "discount")

    def test_credit_is_used_up_by_coming_invoices(self, maya):
        renews_on = maya.subscription().renews_on
        note = a_note("credit", value=10000)
        assert maya.does(GrantCredit(Money(10000), "S-1001", note)).credit == Money(10000)
        first = maya.seen(at(renews_on))
        assert (charges(first, since=renews_on), first.credit) == ([0], Money(1100))
        assert first.invoices[0].status == "paid"
        second = maya.seen(at(add_months(renews_on, 1)))
        assert (charges(second, since=renews_on), second.credit) == ([0, 7800], Money(0))

    def test_money_of_another_currency_or_less_than_nothing_is_refused(self, maya):
        maya.cannot(GrantCredit(Money(100, "EUR")), "USD")
        maya.cannot(GrantCredit(Money(0)), "more than nothing")
        euros = ConcessionNote(ConcessionKind.SKIP, "p@1", Money(1, "EUR"))
        maya.cannot(ChangeFrequency("S-1001", 2, euros), "USD")
        maya.cannot(ChangeFrequency("S-1001", 2, a_note("skip", value=-1)), "worth less")

    def test_a_trial_is_extended_and_charged_only_after(self, billing):
        zoe = Customer(billing, "A-1015")
        ends_on = zoe.subscription().trial_ends_on + timedelta(days=14)
        told = zoe.does(ExtendTrial("S-1015", 14, a_note("extend_trial"))).subscriptions[0]
        assert (told.status, told.trial_ends_on, told.renews_on) == (TRIALING, ends_on, ends_on)
        assert charges(zoe.seen(at(ends_on) - timedelta(days=1)), since=TODAY) == []
        assert charges(zoe.seen(at(ends_on)), since=TODAY) == [5900]
        zoe.cannot(ExtendTrial("S-1015", 14), "not in its trial", now=at(ends_on))

    def test_a_concession_is_recorded_with_its_policy_and_worth(self, maya):
        before = len(maya.seen().concessions)
        assert before == 0
        note = a_note("downgrade", value=3000, policy="smaller_plan@2")
        [concession] = maya.does(ChangePlan("S-1001", "duo", note)).concessions
        assert (concession.kind, concession.policy) == (ConcessionKind.DOWNGRADE, "smaller_plan@2")
        assert (concession.value, concession.granted_at) == (Money(3000), NOW)
        assert (concession.subscription, concession.revoked_at) == ("S-1001", None)

    # Leaving

    def test_cancelling_ends_with_the_paid_period(self, maya):
        renews_on = maya.subscription().renews_on
        told = maya.does(cancels()).subscriptions[0]
        assert (told.status, told.cancels_on, told.canceled_at) == (ACTIVE, renews_on, None)
        last_day = maya.subscription(at(renews_on) - timedelta(days=1))
        assert last_day.status is ACTIVE
        ended = maya.seen(at(renews_on))
        assert ended.subscriptions[0].status is CANCELED
        assert ended.subscriptions[0].canceled_at.date() == renews_on
        assert ended.subscriptions[0].renews_on is None
        assert ended.subscriptions[0].next_dispatch_on is None
        assert charges(maya.seen(in_days(400)), since=TODAY) == []

    def test_a_cancellation_can_be_undone_until_it_takes_effect(self, maya):
        renews_on = maya.subscription().renews_on
        maya.does(cancels())
        almost = at(renews_on) - timedelta(days=1)
        assert maya.does(UndoCancellation("S-1001"), now=almost).subscriptions[0].cancels_on is None
        assert charges(maya.seen(at(renews_on)), since=renews_on) == [8900]
        maya.cannot(UndoCancellation("S-1001"), "not set to end", now=at(renews_on))

    def test_what_has_ended_cannot_be_undone_or_changed(self, billing):
        max_ = Customer(billing, "A-1014")
        ended = at(max_.subscription().cancels_on)
        max_.cannot(UndoCancellation("S-1014"), "no longer be undone", now=ended)
        max_.cannot(ChangePlan("S-1014", "solo"), "ended on", now=ended)
        max_.cannot(ChangeFrequency("S-1014", 2), "ended on", now=ended)

    def test_whoever_is_leaving_gets_nothing_that_begins_afterwards(self, billing):
        max_ = Customer(billing, "A-1014")
        for command in (
            ChangePlan("S-1014", "solo"),
            ApplyDiscount("S-1014", 20, 3),
            PauseSubscription("S-1014", days_from_now(15), days_from_now(30)),
        ):
            max_.cannot(command, "Undo the cancellation first")

    def test_cancelling_again_changes_nothing(self, billing):
        max_ = Customer(billing, "A-1014")
        before = max_.seen()
        assert max_.does(cancels("S-1014")) == before
        ended = in_days(16)
        before = max_.seen(ended)
        assert max_.does(cancels("S-1014", said_at=ended), now=ended) == before

    def test_right_now_ends_at_the_moment_it_was_said(self, maya):
        said_at = NOW - timedelta(minutes=10)
        told = maya.does(cancels(at_once=True, said_at=said_at)).subscriptions[0]
        assert (told.status, told.canceled_at) == (CANCELED, said_at)
        assert (told.renews_on, told.next_dispatch_on) == (None, None)
        assert charges(maya.seen(in_days(400)), since=TODAY) == []

    @pytest.mark.parametrize("account", ["A-1007", "A-1015"])
    def test_a_paused_subscription_and_a_trial_end_at_once(self, billing, account):
        customer = Customer(billing, account)
        told = customer.does(cancels(customer.subscription().id)).subscriptions[0]
        assert (told.status, told.canceled_at, told.pause) == (CANCELED, NOW, None)
        assert charges(customer.seen(in_days(100)), since=TODAY) == []

    def test_money_back_returns_the_last_charge(self, billing):
        tom = Customer(billing, "A-1004")
        told = tom.does(cancels("S-1004", at_once=True, refund_last_charge=True))
        assert told.subscriptions[0].status is CANCELED
        newest, earlier = told.invoices[0], told.invoices[1]
        assert (newest.status, newest.refunded) == ("refunded", Money(89000))
        assert (earlier.status, earlier.refunded) == ("paid", Money(0))
        assert told.lifetime_value == tom.billing.history("A-1004", now=NOW).lifetime_value
        assert told.lifetime_value == Money(2 * 89000)

    def test_one_of_two_subscriptions_is_cancelled_alone(self, billing):
        omar = Customer(billing, "A-1008")
        home, mother = omar.does(cancels("S-1008-2")).subscriptions
        assert (home.cancels_on, mother.cancels_on) == (None, days_from_now(14))
        assert charges(omar.seen(in_days(15)), since=TODAY) == [5900]

    def test_cancelling_takes_back_what_it_names_and_nothing_else(self, maya):
        day = maya.subscription().next_dispatch_on
        renews_on = maya.subscription().renews_on
        for command in (
            ChangePlan("S-1001", "duo", a_note("downgrade")),
            ApplyDiscount("S-1001", 20, 3, a_note("discount")),
            PauseSubscription("S-1001", renews_on, add_months(renews_on, 1), a_note("pause")),
            SkipDelivery("S-1001", day, a_note("skip")),
            GrantCredit(Money(1500), "S-1001", a_note("credit", value=1500)),
            GrantCredit(Money(3000), "S-1001", a_note("credit", policy="a_remedy@1")),
            ChangeFrequency("S-1001", 2, a_note("change_frequency")),
        ):
            maya.does(command)
        named = [c.id for c in maya.seen().concessions if c.policy != "a_remedy@1"]
        told = maya.does(cancels(revoke=(*named, "C-unknown")))
        [left] = told.subscriptions
        assert (left.cancels_on, left.pending_change, left.discount, left.pause) == (
            renews_on,
            None,
            None,
            None,
        )
        assert day not in left.skipped
        assert told.credit == Money(3000)
        kept = {c.kind.value for c in told.concessions if c.revoked_at is None}
        # A remedy stays, and a rhythm that was changed is nothing given away.
        assert kept == {"credit", "change_frequency"}
        undone = maya.does(UndoCancellation("S-1001")).subscriptions[0]
        assert (undone.pending_change, undone.discount, undone.pause) == (None, None, None)

    def test_what_would_begin_after_the_end_is_not_told_and_comes_back_with_undo(self, maya):
        renews_on = maya.subscription().renews_on
        maya.does(PauseSubscription("S-1001", renews_on, add_months(renews_on, 1)))
        maya.does(ChangePlan("S-1001", "duo"))
        before = maya.subscription()
        left = maya.does(cancels()).subscriptions[0]
        assert (left.pause, left.pending_change) == (None, None)
        assert maya.does(UndoCancellation("S-1001")).subscriptions[0] == before

    @pytest.mark.parametrize("at_once", [False, True])
    @pytest.mark.parametrize("was_looked_at", [False, True])
    def test_a_cancellation_heard_late_counts_from_when_it_was_said(
        self, maya, at_once, was_looked_at
    ):
        renews_on = maya.subscription().renews_on
        heard_at = at(renews_on) + timedelta(days=40)
        maya.does(GrantCredit(Money(1000)))
        if was_looked_at:
            assert sum(charges(maya.seen(heard_at), since=renews_on)) == 7900 + 8900
        told = maya.does(cancels(at_once=at_once), now=heard_at)
        assert told.subscriptions[0].status is CANCELED
        ends_on = TODAY if at_once else renews_on
        assert told.subscriptions[0].canceled_at.date() == ends_on
        assert sum(charges(told, since=ends_on)) == 0
        if not was_looked_at:
            assert all(invoice.issued_on < ends_on for invoice in told.invoices)
        assert told.credit == Money(1000)
        assert told.lifetime_value == Money(115_500)

    def test_an_unpaid_charge_of_after_the_end_is_void(self, billing):
        ruth = Customer(billing, "A-1009")
        renews_on = ruth.subscription().renews_on
        later = in_days(20)
        assert ruth.seen(later).invoices[0].issued_on == renews_on
        told = ruth.does(cancels("S-1009"), now=later)
        assert told.invoices[0].status == "void"
        assert told.invoices[1].status == "overdue", "what was owed before is still owed"

    @pytest.mark.parametrize("hours", [-48, -36, -24, -12, -3, -2, -1, -0.01, 0, 0.01, 1])
    def test_the_exit_works_from_two_days_before_a_renewal_to_an_hour_after(self, maya, hours):
        """R8, R15: from 48 hours before to 1 hour after; never a charge after the end."""
        renews_on = maya.subscription().renews_on
        midnight = datetime(renews_on.year, renews_on.month, renews_on.day, tzinfo=NOW.tzinfo)
        now = midnight + timedelta(hours=hours)
        maya.seen(now)
        told = maya.does(cancels(said_at=now), now=now).subscriptions[0]
        ends_on = renews_on if hours < 0 else add_months(renews_on, 1)
        assert told.cancels_on == ends_on
        assert maya.subscription(at(ends_on)).status is CANCELED
        assert charges(maya.seen(in_days(400)), since=ends_on) == []

    # Once

    def test_the_same_key_does_it_once_and_tells_what_is_true(self, maya):
        note = a_note("credit", value=1500)
        command = GrantCredit(Money(1500), "S-1001", note)
        first = maya.does(command, key="c1:7:credit")
        again = maya.does(command, key="c1:7:credit", now=in_days(1))
        assert (first.credit, again.credit) == (Money(1500), Money(1500))
        assert len(again.concessions) == 1

    def test_a_repeated_request_may_name_another_time_of_asking(self, maya):
        first = maya.does(cancels(at_once=True), key="k")
        later = in_days(1)
        again = maya.does(cancels(at_once=True, said_at=later), key="k", now=later)
        assert again.subscriptions[0].canceled_at == first.subscriptions[0].canceled_at == NOW

    @pytest.mark.parametrize(
        ("account", "other"),
        [
            ("A-1001", GrantCredit(Money(1501), "S-1001")),
            ("A-1001", UndoCancellation("S-1001")),
            ("A-1002", GrantCredit(Money(1500), "S-1001")),
        ],
    )
    def test_the_same_key_with_another_command_is_refused(self, billing, maya, account, other):
        maya.does(GrantCredit(Money(1500), "S-1001"), key="k")
        before = billing.history(account, now=NOW)
        with pytest.raises(NotPossible, match="used for another command"):
            billing.execute(account, other, key="k", now=NOW)
        assert billing.history(account, now=NOW) == before

    def test_a_refused_command_leaves_no_concession_and_its_key_free(self, maya):
        note = a_note("downgrade", value=3000)
        with pytest.raises(NotPossible):
            maya.does(ChangePlan("S-1001", "gold", note), key="k")
        assert maya.seen().concessions == ()
        assert maya.does(ChangePlan("S-1001", "duo", note), key="k").concessions != ()

    def test_a_subscription_of_somebody_else_is_out_of_reach(self, maya):
        for command in (
            cancels("S-1002"),
            ChangePlan("S-1002", "solo"),
            GrantCredit(Money(1), "S-1002"),
        ):
            maya.cannot(command, "no subscription S-1002")

    def test_what_a_command_returns_is_what_is_seen(self, maya):
        told = maya.does(ChangePlan("S-1001", "duo", a_note("downgrade")))
        assert told == maya.seen()
        assert replace(told, credit=Money(1)) != maya.seen()
