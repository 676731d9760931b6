/** The gateway's HTTP side, as the conversation needs it. */

import type { Opened, Posted, Saying, Updates } from "./message.ts";

/** Too slow, too early, too often: the same request may succeed later. */
const LATER = new Set([408, 425, 429]);

/** The gateway answered with an error: `code` for machines, `status` of HTTP. */
export class GatewayError extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds the gateway asks us to wait; null if it did not say. */
  readonly retryAfter: number | null;

  constructor(status: number, code: string, message: string, retryAfter: number | null) {
    super(message);
    this.name = "GatewayError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** The same request will never succeed: saying it again is of no use. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && !this.isAccess && !LATER.has(this.status);
  }

  /** The token or identity is not accepted (any more), or its conversation is gone. */
  get isAccess(): boolean {
    return this.status === 401 || this.status === 403 || this.code === "conversation_not_found";
  }
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const POST_TIMEOUT_MS = 20_000;
const GRACE_MS = 10_000;

export class Gateway {
  readonly #base: string;
  readonly #fetch: Fetch;

  /** `base` is the gateway's address, with or without a path, without a closing slash. */
  constructor(base: string, fetch: Fetch) {
    this.#base = base.replace(/\/+$/, "");
    this.#fetch = fetch;
  }

  /** Where a conversation's live feed listens. The token never stands in it. */
  liveUrl(conversation: string): string {
    return `${this.#base.replace(/^http/, "ws")}${path(conversation)}/live`;
  }

  open(identity: string | null, resume: boolean, visitorToken: string | null): Promise<Opened> {
    const body = identity === null ? { resume } : { identity, resume };
    return this.#call("POST", "/api/conversations", { body, token: visitorToken });
  }

  post(conversation: string, token: string, clientMessageId: string, saying: Saying): Promise<Posted> {
    const body = { client_message_id: clientMessageId, ...saying };
    return this.#call("POST", `${path(conversation)}/messages`, { body, token });
  }

  /** Wait up to `seconds` for news after `seq`, or for `idle` to be other than we know it. */
  updates(conversation: string, token: string, seq: number, seconds: number, idle: boolean): Promise<Updates> {
    const where = `${path(conversation)}/updates?after=${seq}&wait=${seconds}&idle=${idle}`;
    return this.#call("GET", where, { token, timeoutMs: seconds * 1000 + GRACE_MS });
  }

  close(conversation: string, token: string): Promise<unknown> {
    return this.#call("POST", `${path(conversation)}/close`, { body: {}, token });
  }

  async #call<T>(
    method: string,
    where: string,
    options: { body?: unknown; token: string | null; timeoutMs?: number },
  ): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (options.token) headers.Authorization = `Bearer ${options.token}`;
    if (options.body !== undefined) headers["Content-Type"] = "application/json";
    const response = await this.#fetch(this.#base + where, {
      method,
      headers,
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(options.timeoutMs ?? POST_TIMEOUT_MS),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    if (!response.ok) throw await errorOf(response);
    return (await response.json()) as T;
  }
}

function path(conversation: string): string {
  return `/api/conversations/${encodeURIComponent(conversation)}`;
}

async function errorOf(response: Response): Promise<GatewayError> {
  let code = `http_${response.status}`;
  let message = `The gateway answered ${response.status}.`;
  try {
    const { error } = (await response.json()) as { error?: { code?: string; message?: string } };
    code = error?.code ?? code;
    message = error?.message ?? message;
  } catch {
    /* A proxy in between may answer with a page; the status says enough. */
  }
  const seconds = Number(response.headers.get("Retry-After"));
  return new GatewayError(response.status, code, message, seconds > 0 ? seconds : null);
}
