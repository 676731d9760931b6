/** The shapes the desk's interface speaks (bot/docs/desk-api.md); keys are those of the wire. */

import type { Message } from "../chat/message.ts";

export type Status = "here" | "away" | "off";
export type Holder = "assistant" | "queue" | "agent" | "ticket" | "closed";

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly skills: readonly string[];
  readonly status: Status;
  readonly holding: number;
  readonly capacity: number;
}

export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly replying: boolean;
}

/** A conversation that people have to do with; money in the currency's smallest unit. */
export interface Case {
  readonly conversation: string;
  readonly holder: Holder;
  readonly version: number;
  readonly agent: { readonly id: string; readonly name: string } | null;
  readonly account: string | null;
  readonly customer_name: string | null;
  readonly reason: string;
  readonly cancellation_reason: string | null;
  readonly wants: string;
  readonly skill: string;
  readonly value_minor: number | null;
  readonly currency: string | null;
  readonly team: string | null;
  readonly for_agent: string | null;
  readonly came_back: boolean;
  readonly waiting_since: string;
  readonly held_since: string | null;
  readonly last_message: { readonly seq: number; readonly from: string; readonly text: string; readonly at: string } | null;
  readonly unread: number;
  readonly unanswered_since: string | null;
  readonly due_at: string | null;
  readonly customer_left: boolean;
  readonly viewers: readonly Viewer[];
}

export interface Settings {
  readonly assignment: string;
  readonly beat_seconds: number;
  readonly away_seconds: number;
  readonly first_reply_seconds: number;
  readonly reply_seconds: number;
}

/** What `GET /api/desk/state` answers. */
export interface Snapshot {
  readonly me: Agent;
  readonly cases: readonly Case[];
  readonly agents: readonly Agent[];
  readonly settings: Settings;
}

export interface Note {
  readonly number: number;
  readonly author: { readonly id: string; readonly name: string };
  readonly text: string;
  readonly at: string;
}

/** One frame of the live feed. */
export type Frame =
  | { readonly type: "state"; readonly state: Snapshot }
  | { readonly type: "case"; readonly case: Case }
  | { readonly type: "case_gone"; readonly conversation: string }
  | { readonly type: "agent"; readonly agent: Agent }
  | { readonly type: "agent_gone"; readonly id: string }
  | { readonly type: "me"; readonly me: Agent }
  | { readonly type: "settings"; readonly settings: Settings }
  | { readonly type: "message"; readonly conversation: string; readonly message: Message }
  | { readonly type: "note"; readonly conversation: string; readonly note: Note }
  | { readonly type: "not_found"; readonly conversation: string };

export interface Verdict {
  readonly policy: string;
  readonly granted: boolean;
  readonly why?: string | null;
}

export interface Attempt {
  readonly id: string;
  readonly about: string;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly opened_at: string;
  readonly closed_at: string | null;
  readonly outcome: string | null;
  readonly offers: readonly { readonly kind: string; readonly policy: string; readonly shown_at: string; readonly answer: string }[];
  readonly verdicts: readonly Verdict[];
}

export interface Summary {
  readonly wants?: string | null;
  readonly who?: { readonly account: string | null; readonly name: string | null; readonly email: string | null } | null;
  readonly about?: { readonly id: string; readonly title: string } | null;
  readonly reason?: string | null;
  readonly reasons?: readonly string[];
  readonly words?: readonly string[];
  readonly offers?: {
    readonly offered: readonly { readonly kind: string; readonly title: string | null; readonly answer: string }[];
    readonly because?: string | null;
  } | null;
  readonly done?: readonly unknown[];
  readonly still_open?: readonly unknown[];
}

export interface Subscription {
  readonly id: string;
  readonly plan: string;
  readonly status: string;
  readonly price_minor: number;
  readonly currency: string;
  readonly interval: string;
  readonly renews_on: string | null;
  readonly trial_ends_on: string | null;
  readonly cancels_on: string | null;
  readonly discount: { readonly percent: number; readonly ends_on: string | null } | null;
  readonly pause: { readonly starts_on: string; readonly resumes_on: string } | null;
  readonly pending_change: { readonly plan: string; readonly price_minor: number; readonly starts_on: string } | null;
}

export interface Account {
  readonly account: string;
  readonly customer: { readonly name: string; readonly email: string; readonly jurisdiction: string | null };
  readonly credit_minor: number;
  readonly subscriptions: readonly Subscription[];
  readonly orders: readonly { readonly id: string; readonly item: string; readonly status: string; readonly price_minor: number; readonly delivered_on: string | null }[];
  readonly invoices: readonly { readonly id: string; readonly amount_minor: number; readonly status: string; readonly due_on: string }[];
  readonly concessions: readonly { readonly kind: string; readonly policy: string | null; readonly granted_at: string; readonly value_minor: number }[];
}

/** What `GET /api/desk/conversations/{id}` answers. */
export interface Detail {
  readonly case: Case;
  readonly messages: readonly Message[];
  readonly notes: readonly Note[];
  readonly last_seq: number;
  readonly summary: Summary | null;
  readonly account: Account | null;
  readonly account_problem: string | null;
  readonly attempts: readonly Attempt[];
  readonly receipts: readonly { readonly id: string; readonly kind: string; readonly at: string; readonly url: string }[];
  readonly dropped: readonly { readonly text: string; readonly at: string }[];
  readonly survey: { readonly rating: number; readonly at: string } | null;
}

export interface PossibleOffer {
  readonly policy: string;
  readonly kind: string;
  readonly granted: boolean;
  readonly why: string;
  readonly title: string | null;
  readonly terms: string | null;
  readonly price_minor: number | null;
  readonly price_after_minor: number | null;
  readonly value_minor: number | null;
  readonly currency: string | null;
  readonly until: string | null;
}

/** What this agent may offer now; `limit_minor` null means without a limit. */
export interface Offers {
  readonly reason?: string | null;
  readonly about: { readonly id: string; readonly title: string } | null;
  readonly authority: { readonly level: string; readonly limit_minor: number | null; readonly currency: string };
  readonly may_offer: boolean;
  readonly why_not: string | null;
  readonly offers: readonly PossibleOffer[];
}

export interface Canned {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly keys: string | null;
}

export interface Found {
  readonly conversation: string;
  readonly account: string | null;
  readonly customer_name: string | null;
  readonly holder: Holder;
  readonly opened_at: string;
  readonly outcome: string | null;
  readonly hits: readonly { readonly seq: number; readonly from: string; readonly text: string; readonly at: string }[];
}

/** Why a message was held back: the words it is about, and what to do instead. */
export interface Breach {
  readonly rule: string;
  readonly what: string;
  readonly passage?: string | null;
  readonly advice: string;
}

/** What an agent adds to the question what may be offered. */
export interface Asking {
  /** Why the customer wants to leave, where nobody has noted it yet. */
  readonly reason: string | null;
  /** The customer asked what else there is, which allows one offer more. */
  readonly customerAsked: boolean;
}

/** Where a conversation can be passed on to. */
export type Destination = { readonly agent: string } | { readonly team: string } | { readonly queue: true };
