/** The customer's account on one screen: what is wrong first, then what they have and what happened. */

import { html, type TemplateResult } from "lit";
import { day } from "../widget/figures.ts";
import type { Account, Box, Invoice, Order, Subscription } from "./account_shapes.ts";
import { amount, LANGUAGE, plain } from "./figures.ts";
import { listOf, row, section } from "./parts_view.ts";
import type { Detail } from "./shapes.ts";

export function accountView({ account, account_problem }: Detail): TemplateResult {
  if (account === null) return section("Account", html`<p class="about__line">${account_problem ?? "Who this is is not known."}</p>`);
  const { customer, currency, incidents, tickets, concessions, plan_changes } = account;
  const value = (minor: number): string => amount(minor, currency);
  return section(`Account ${account.account}`, html`
    ${wrongOf(account).map((line) => html`<p class="about__line about__line--no">${line}</p>`)}
    <dl class="facts">
      ${row("Name", customer.name)}${row("E-mail", customer.email)}${row("Lives in", customer.jurisdiction)}
      ${row("Paid so far", value(account.lifetime_value_minor))}
      ${row("Credit", account.credit_minor ? value(account.credit_minor) : null)}
      ${row("Households", account.households > 1 ? account.households : null)}
    </dl>
    ${account.subscriptions.map((one) => subscriptionView(one, account.boxes.filter(({ subscription }) => subscription === one.id)))}
    ${listOf("Orders", account.orders.map((one) => orderLine(one, value)))}
    ${listOf("Invoices", account.invoices.map((one) => invoiceLine(one, value)))}
    ${listOf("Concessions", concessions.map((one) =>
      `${on(one.granted_at)}: ${one.name}, ${value(one.value_minor)}${one.revoked_at ? ", taken back" : ""}`))}
    ${listOf("Boxes", account.boxes.map((one) => `${on(one.due_on)}: ${boxState(one)}`))}
    ${listOf("Plan changes", plan_changes.map((one) => `${on(one.changed_on)}: ${one.from_plan_name} to ${one.to_plan_name}`))}
    ${listOf("Incidents", incidents.map((one) => `${on(one.opened_on)}: ${one.title}, ${one.status}`))}
    ${listOf("Earlier tickets", tickets.map((one) => `${on(one.opened_on)}: ${one.subject}, ${one.status}`))}`);
}

/** What must not be overlooked: an open incident of ours, an invoice that is overdue. */
function wrongOf({ incidents, invoices, currency }: Account): readonly string[] {
  const open = incidents.filter(({ status }) => status === "open");
  const overdue = invoices.filter(({ status }) => status === "overdue");
  return [
    ...open.map((one) => `Open incident: ${one.title}${one.expected_fix_on ? `, solved by ${on(one.expected_fix_on)}` : ""}.`),
    ...overdue.map((one) => `Overdue since ${on(one.due_on)}: ${amount(one.amount_minor, currency)}.`),
  ];
}

function subscriptionView(one: Subscription, boxes: readonly Box[]): TemplateResult {
  return html`<div class="possible">
    <p class="possible__title">${named(one)} · ${plain(one.status)}</p>
    <p class="possible__price">${amount(one.price_minor, one.currency)} per ${one.interval}</p>
    <dl class="facts">
      ${row("Since", on(one.started_on))}
      ${row("Renews", on(one.renews_on))}
      ${row("Trial ends", on(one.trial_ends_on))}
      ${row("Ends", on(one.cancels_on))}
      ${row("Discount", one.discount && `${one.discount.percent} %, the last day before ${on(one.discount.ends_on)}`)}
      ${row("Paused", one.pause && `${on(one.pause.starts_on)} to ${on(one.pause.resumes_on)}`)}
      ${row("Changes to", one.pending_change && `${one.pending_change.plan_name} on ${on(one.pending_change.starts_on)}`)}
      ${row("Next box", on(one.next_dispatch_on))}
      ${row("Skipped", one.skipped.map(on).join(", "))}
      ${row("Boxes", boxesLine(boxes))}
    </dl></div>`;
}

export function named(one: Subscription): string {
  return `${one.id} · ${one.plan_name}${one.nickname ? ` (${one.nickname})` : ""}`;
}

/** How the boxes were used and came: what a price or a promise has to be measured by. */
function boxesLine(boxes: readonly Box[]): string {
  if (boxes.length === 0) return "";
  const skipped = boxes.filter(({ status }) => status === "skipped").length;
  const late = boxes.filter((one) => one.late).length;
  const cooked = boxes.filter((one) => one.cooked).length;
  return [`${cooked} of ${boxes.length} cooked`, skipped ? `${skipped} skipped` : "", late ? `${late} late` : ""].filter(Boolean).join(", ");
}

function boxState(one: Box): string {
  return [plain(one.status), one.late ? "late" : "", one.cooked ? "cooked" : ""].filter(Boolean).join(", ");
}

function orderLine(one: Order, value: (minor: number) => string): string {
  return [
    `${one.id} ${one.item}: ${plain(one.status)}`, value(one.price_minor),
    one.delivered_on ? `delivered ${on(one.delivered_on)}` : one.dispatched_on ? `dispatched ${on(one.dispatched_on)}` : `ordered ${on(one.ordered_on)}`,
    one.refund_minor ? `${value(one.refund_minor)} paid back` : "",
    one.refund_due_minor ? `${value(one.refund_due_minor)} to be paid back` : "",
  ].filter(Boolean).join(", ");
}

function invoiceLine(one: Invoice, value: (minor: number) => string): string {
  const back = one.refunded_minor ? `, ${value(one.refunded_minor)} paid back` : "";
  return `${on(one.due_on)}: ${value(one.amount_minor)}, ${plain(one.status)}${back}`;
}

/** A day in words; nothing where there is none. */
function on(iso: string | null): string {
  return iso === null ? "" : day(iso, LANGUAGE);
}
