/** The account as `python -m bot account --json` prints it too; days ISO, money in the currency's smallest unit. */

export interface Subscription {
  readonly id: string;
  readonly plan: string;
  readonly plan_name: string;
  readonly nickname: string | null;
  readonly status: string;
  readonly price_minor: number;
  readonly currency: string;
  readonly interval: string;
  readonly started_on: string;
  readonly renews_on: string | null;
  readonly trial_ends_on: string | null;
  readonly cancels_on: string | null;
  readonly discount: { readonly percent: number; readonly ends_on: string } | null;
  readonly pause: { readonly starts_on: string; readonly resumes_on: string } | null;
  readonly pending_change: { readonly plan_name: string; readonly price_minor: number; readonly starts_on: string } | null;
  readonly skipped: readonly string[];
  readonly next_dispatch_on: string | null;
}

export interface Order {
  readonly id: string;
  readonly item: string;
  readonly status: string;
  readonly price_minor: number;
  readonly refund_minor: number;
  readonly refund_due_minor: number;
  readonly ordered_on: string;
  readonly dispatched_on: string | null;
  readonly delivered_on: string | null;
}

export interface Invoice {
  readonly id: string;
  readonly amount_minor: number;
  readonly status: string;
  readonly due_on: string;
  readonly refunded_minor: number;
}

/** One delivery of a subscription; `late` where it came, or is coming, after the day it was due. */
export interface Box {
  readonly subscription: string;
  readonly due_on: string;
  readonly status: string;
  readonly late: boolean;
  readonly cooked: boolean;
}

export interface Account {
  readonly account: string;
  readonly customer: { readonly name: string; readonly email: string; readonly jurisdiction: string | null };
  readonly currency: string;
  readonly credit_minor: number;
  readonly lifetime_value_minor: number;
  readonly households: number;
  readonly subscriptions: readonly Subscription[];
  readonly orders: readonly Order[];
  readonly invoices: readonly Invoice[];
  readonly concessions: readonly { readonly name: string; readonly granted_at: string; readonly value_minor: number; readonly revoked_at: string | null }[];
  readonly boxes: readonly Box[];
  readonly incidents: readonly { readonly title: string; readonly status: string; readonly opened_on: string; readonly expected_fix_on: string | null }[];
  readonly tickets: readonly { readonly subject: string; readonly status: string; readonly opened_on: string }[];
  readonly plan_changes: readonly { readonly from_plan_name: string; readonly to_plan_name: string; readonly changed_on: string }[];
}
