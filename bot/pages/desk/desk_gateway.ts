/** The gateway's HTTP side for staff: the session's cookie goes along, and its token with each command. */

import { type Fetch, GatewayError } from "../chat/gateway.ts";
import type { Posted } from "../chat/message.ts";
import type { Asking, Breach, Canned, Case, Destination, Detail, Found, Myself, Note, Offers, Status } from "./shapes.ts";

const TIMEOUT_MS = 20_000;

/** An error of the desk; `breaches` say what was held back, and why. */
export class DeskError extends GatewayError {
  readonly breaches: readonly Breach[];

  constructor(status: number, code: string, message: string, retryAfter: number | null, breaches: readonly Breach[]) {
    super(status, code, message, retryAfter);
    this.name = "DeskError";
    this.breaches = breaches;
  }
}

/** What a beat tells of this page. */
export interface Beat {
  readonly status?: Status;
  readonly viewing: string | null;
  readonly replying: boolean;
}

export interface Me {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly csrf_token: string;
}

export class DeskGateway {
  readonly #fetch: Fetch;
  #token: string | null = null;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  me(): Promise<Me> {
    return this.#get("/api/staff/me");
  }

  beat(beat: Beat): Promise<{ readonly me: Myself }> {
    return this.#post("/api/desk/beat", beat);
  }

  next(): Promise<{ readonly case: Case | null }> {
    return this.#post("/api/desk/next", {});
  }

  claim(conversation: string): Promise<{ readonly case: Case }> {
    return this.#post(`${path(conversation)}/claim`, {});
  }

  transfer(conversation: string, to: Destination, note: string): Promise<{ readonly case: Case }> {
    return this.#post(`${path(conversation)}/transfer`, note ? { to, note } : { to });
  }

  handBack(conversation: string, note: string): Promise<{ readonly case: Case }> {
    return this.#post(`${path(conversation)}/hand-back`, note ? { note } : {});
  }

  close(conversation: string, outcome: string, survey: boolean): Promise<{ readonly case: Case }> {
    return this.#post(`${path(conversation)}/close`, { outcome, survey });
  }

  read(conversation: string, seq: number): Promise<unknown> {
    return this.#post(`${path(conversation)}/read`, { seq });
  }

  say(conversation: string, clientMessageId: string, text: string): Promise<Posted> {
    return this.#post(`${path(conversation)}/messages`, { client_message_id: clientMessageId, text });
  }

  note(conversation: string, clientMessageId: string, text: string): Promise<{ readonly note: Note }> {
    return this.#post(`${path(conversation)}/notes`, { client_message_id: clientMessageId, text });
  }

  detail(conversation: string): Promise<Detail> {
    return this.#get(path(conversation));
  }

  offers(conversation: string, { reason, about, customerAsked }: Asking): Promise<Offers> {
    const asked = new URLSearchParams({ ...(reason ? { reason } : {}), ...(about ? { about } : {}) });
    if (customerAsked) asked.set("customer_asked", "true");
    return this.#get(`${path(conversation)}/offers?${asked}`);
  }

  offer(conversation: string, clientMessageId: string, policy: string, { reason, about, customerAsked }: Asking): Promise<Posted> {
    const said = { ...(reason ? { reason } : {}), ...(about ? { about } : {}) };
    const body = { client_message_id: clientMessageId, policy, customer_asked: customerAsked, ...said };
    return this.#post(`${path(conversation)}/offers`, body);
  }

  canned(conversation: string): Promise<{ readonly replies: readonly Canned[] }> {
    return this.#get(`${path(conversation)}/canned`);
  }

  search(words: string): Promise<{ readonly found: readonly Found[] }> {
    return this.#get(`/api/desk/search?q=${encodeURIComponent(words)}`);
  }

  #get<T>(where: string): Promise<T> {
    return this.#call("GET", where, {});
  }

  async #post<T>(where: string, body: unknown): Promise<T> {
    this.#token ??= (await this.me()).csrf_token;
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": this.#token };
    try {
      return await this.#call("POST", where, { headers, body: JSON.stringify(body) });
    } catch (error) {
      // Signed in anew in another window: the session has another token now.
      if (error instanceof DeskError && error.code === "request_forged") this.#token = null;
      throw error;
    }
  }

  async #call<T>(method: string, where: string, init: { headers?: Record<string, string>; body?: string }): Promise<T> {
    const response = await this.#fetch(where, {
      method,
      ...init,
      headers: { Accept: "application/json", ...init.headers },
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw await errorOf(response);
    return (await response.json()) as T;
  }
}

function path(conversation: string): string {
  return `/api/desk/conversations/${encodeURIComponent(conversation)}`;
}

async function errorOf(response: Response): Promise<DeskError> {
  const body = (await response.json().catch(() => ({}))) as {
    error?: { code?: string; message?: string; breaches?: readonly Breach[] };
  };
  const { code = `http_${response.status}`, message, breaches = [] } = body.error ?? {};
  const seconds = Number(response.headers.get("Retry-After"));
  const told = message ?? `The desk answered ${response.status}. Try again in a moment.`;
  return new DeskError(response.status, code, told, seconds > 0 ? seconds : null, breaches);
}
