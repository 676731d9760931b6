/** The shapes the desk's interface speaks (bot/docs/desk-api.md); keys are those of the wire. */

import type { Message } from "../chat/message.ts";
import type { Account } from "./account_shapes.ts";

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

export interface Myself extends Agent {
  /** May pass on what others hold. */
  readonly leads: boolean;
}

export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly replying: boolean;
}

/** Call this number between these instants; `window` tells them as the customer was told, with whose clock it is. */
export interface CallBack {
  readonly phone: string;
  readonly from: string;
  readonly until: string;
  readonly window: string;
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
  /** The call that was promised, with a ticket. */
  readonly call_back: CallBack | null;
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
  readonly me: Myself;
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
  | { readonly type: "me"; readonly me: Myself }
  | { readonly type: "settings"; readonly settings: Settings }
  | { readonly type: "message"; readonly conversation: string; readonly message: Message }
  | { readonly type: "note"; readonly conversation: string; readonly note: Note }
  | { readonly type: "not_found"; readonly conversation: string };

export interface Verdict {
  /** As cited, `name@revision`; `name` is what people call it. */
  readonly policy: string;
  readonly name: string;
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
  readonly offers: readonly { readonly name: string; readonly policy: string; readonly shown_at: string; readonly answer: string }[];
  readonly verdicts: readonly Verdict[];
}

/** What whoever takes over must know; every key is always there. */
export interface Summary {
  readonly escalation: string;
  readonly who: { readonly account: string | null; readonly name: string | null; readonly email: string | null; readonly identified_by: string | null };
  readonly about: { readonly id: string | null; readonly title: string | null };
  readonly wants: string;
  readonly reason: string | null;
  readonly reasons: readonly string[];
  readonly words: readonly string[];
  readonly offers: {
    readonly offered: readonly { readonly kind: string; readonly title: string; readonly answer: string }[];
    readonly because: string | null;
  };
  readonly done: readonly string[];
  readonly still_open: readonly string[];
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
  readonly name: string;
  readonly granted: boolean;
  readonly why: string;
  /** The levels that could grant it where this agent's cannot. */
  readonly others: readonly string[];
  /** What the customer will read. */
  readonly text?: string;
  readonly title: string | null;
  readonly terms: string | null;
  readonly price_minor: number | null;
  readonly price_after_minor: number | null;
  readonly value_minor: number | null;
  readonly currency: string | null;
  readonly until: string | null;
}

/** How much this agent may grant: at once, in a month, and what is left of that; null is without a limit. */
export interface Authority {
  readonly level: string;
  readonly limit_minor: number | null;
  readonly month_minor: number | null;
  readonly left_minor: number | null;
  readonly currency: string;
}

/** What this agent may offer now. */
export interface Offers {
  readonly reason?: string | null;
  readonly about: { readonly id: string; readonly title: string } | null;
  readonly authority: Authority;
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
  /** Which subscription is meant, where that is not clear. */
  readonly about: string | null;
  /** The customer asked what else there is, which allows one offer more. */
  readonly customerAsked: boolean;
}

/** Where a conversation can be passed on to. */
export type Destination = { readonly agent: string } | { readonly team: string } | { readonly queue: true };
