/** The shapes the gateway speaks; keys are those of the wire, so one word means one thing. */

export type Holder = "assistant" | "queue" | "agent" | "ticket" | "closed";

export type Sender = "customer" | "assistant" | "agent" | "system";

export interface Button {
  readonly id: string;
  readonly title: string;
}

export interface OfferChoice {
  readonly id: string;
  readonly title: string;
  readonly kind?: string | null;
  readonly value_minor?: number | null;
}

/**
 * A concrete proposal; prices in the currency's smallest unit, days as ISO dates.
 *
 * `price_later_minor` is the price once the offer is over (null: it does not end by itself),
 * `price_per` and `price_after_per` are "month" or "year".
 */
export interface Offer {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly terms: string | null;
  readonly price_minor: number | null;
  readonly price_after_minor: number | null;
  readonly price_later_minor?: number | null;
  readonly price_per?: string | null;
  readonly price_after_per?: string | null;
  readonly starts_on?: string | null;
  readonly until: string | null;
  readonly expires_at?: string | null;
  readonly choices?: readonly OfferChoice[] | null;
  readonly currency?: string | null;
}

export interface Message {
  readonly seq: number;
  readonly from: Sender;
  readonly text: string;
  readonly buttons: readonly Button[];
  readonly offer: Offer | null;
  readonly at: string;
  readonly client_message_id: string | null;
  readonly sender_name: string | null;
  readonly receipt: { readonly url: string } | null;
}

/** What `POST /api/conversations` answers, new or resumed. */
export interface Opened {
  readonly conversation: string;
  readonly token: string;
  readonly account: string | null;
  readonly customer_name: string | null;
  readonly holder: Holder;
  readonly agent_name?: string | null;
  readonly last_seq: number;
  readonly messages: readonly Message[];
}

/** What a post answers: the stored message, the first result again for a repeated id. */
export interface Posted {
  readonly message: Message;
  readonly last_seq: number;
}

/**
 * Where a conversation stands; `idle` is false while a turn is being worked on.
 *
 * `agent_name` is the name of the agent who holds it, null or absent when none does.
 */
export interface Standing {
  readonly idle: boolean;
  readonly holder: Holder;
  readonly agent_name?: string | null;
  readonly last_seq: number;
}

export interface Updates extends Standing {
  readonly messages: readonly Message[];
}

/** What the customer said: words, or the id of a button the server had shown. */
export type Saying = { readonly text: string } | { readonly button_id: string };

/** The two controls that work in every state, whoever holds the conversation. */
export const PERSON = "person";
export const CANCEL = "cancel";

/** The longest message the gateway takes, in Unicode characters. */
export const LONGEST_TEXT = 2000;

/** The length as the gateway counts it: characters, not UTF-16 halves. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
