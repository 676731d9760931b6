/** A world for the chat core: a server in memory, sockets, channels and storage that behave. */

import { mock } from "node:test";
import type { Holder, Message } from "../../bot/pages/chat/message.ts";
import type { Socket } from "../../bot/pages/chat/live.ts";
import { PageMemory } from "../../bot/pages/chat/memory.ts";
import type { Channel } from "../../bot/pages/chat/tabs.ts";
import type { World } from "../../bot/pages/chat/world.ts";

export const BASE = "https://desk.test";

/** Let everything that waits for a promise run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((done) => setImmediate(done));
}

/** Let `ms` pass on the mocked clock, and everything that follows from it. */
export async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    mock.timers.tick(Math.min(50, left));
    await settle();
  }
}

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    seq, from: "assistant", text: `message ${seq}`, buttons: [], offer: null, at: "2026-11-23T10:00:00Z",
    client_message_id: null, sender_name: null, receipt: null, ...more,
  };
}

/** What the next answers of the server are to be, first one first; "lost" is carried out all the same. */
export type Mishap = "lost" | "unreachable" | { status: number; code: string; retryAfter?: number };

export class FakeServer {
  messages: Message[] = [message(1, { text: "Hello" })];
  holder: Holder = "assistant";
  idle = true;
  conversation = "c-1";
  mishaps: Mishap[] = [];
  openMishaps: Mishap[] = [];
  socketsWork = true;
  requests: { method: string; url: string; body: Record<string, unknown>; token: string | null }[] = [];
  sockets: FakeSocket[] = [];
  #waiting: (() => void)[] = [];
  #posted = new Map<string, Message>();

  /** Somebody says something: stored, and pushed to whoever listens. */
  say(text: string, more: Partial<Message> = {}): Message {
    const said = message((this.messages.at(-1)?.seq ?? 0) + 1, { text, ...more });
    this.messages.push(said);
    for (const socket of this.sockets.filter((s) => s.isLive)) socket.push(said);
    this.#answerPolls();
    return said;
  }

  stand(idle: boolean, holder: Holder = this.holder): void {
    this.idle = idle;
    this.holder = holder;
    for (const socket of this.sockets.filter((s) => s.isLive)) socket.hear({ type: "state", ...this.standing });
  }

  get standing(): { idle: boolean; holder: Holder; last_seq: number } {
    return { idle: this.idle, holder: this.holder, last_seq: this.messages.at(-1)?.seq ?? 0 };
  }

  get texts(): string[] {
    return this.messages.map((m) => m.text);
  }

  posts(): string[] {
    return this.requests.filter((r) => r.url.endsWith("/messages")).map((r) => String(r.body.client_message_id));
  }

  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const body = init.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : {};
    const token = new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? null;
    this.requests.push({ method: init.method ?? "GET", url, body, token });
    await Promise.resolve();
    if (url.includes("/updates")) return this.#updates(new URL(url));
    if (url.endsWith("/close")) return json({});
    if (url.endsWith("/messages")) return this.#mishap(this.mishaps, () => this.#post(body));
    return this.#mishap(this.openMishaps, () => this.#open());
  };

  #mishap(mishaps: Mishap[], answer: () => Response): Response {
    const mishap = mishaps.shift();
    if (mishap === "unreachable") throw new TypeError("fetch failed");
    if (mishap === "lost") {
      answer();
      throw new TypeError("fetch failed");
    }
    return mishap === undefined ? answer() : failure(mishap);
  }

  #open(): Response {
    return json({
      conversation: this.conversation, token: "t-1", account: null, customer_name: null,
      holder: this.holder, last_seq: this.standing.last_seq, messages: this.messages,
    });
  }

  #post(body: Record<string, unknown>): Response {
    const id = String(body.client_message_id);
    const text = String(body.text ?? body.button_id);
    const stored = this.#posted.get(id) ?? this.say(text, { from: "customer", client_message_id: id });
    this.#posted.set(id, stored);
    return json({ message: stored, last_seq: this.standing.last_seq });
  }

  #updates(url: URL): Promise<Response> | Response {
    const after = Number(url.searchParams.get("after"));
    const news = this.messages.filter((m) => m.seq > after);
    if (news.length > 0 || url.searchParams.get("wait") === "0") return json({ messages: news, ...this.standing });
    return new Promise((answer) => this.#waiting.push(() => answer(this.#updates(url))));
  }

  #answerPolls(): void {
    this.#waiting.splice(0).forEach((answer) => answer());
  }
}

export class FakeSocket implements Socket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: Record<string, unknown>[] = [];
  isLive = false;
  readonly url: string;
  readonly #server: FakeServer;

  constructor(server: FakeServer, url: string) {
    this.url = url;
    this.#server = server;
    server.sockets.push(this);
    setImmediate(() => (server.socketsWork ? this.onopen?.(undefined as never) : this.drop(1006)));
  }

  /** The hello: replay what came after, then go live. */
  send(text: string): void {
    const hello = JSON.parse(text) as { after: number };
    this.sent.push(hello);
    this.isLive = true;
    for (const missed of this.#server.messages.filter((m) => m.seq > hello.after)) this.push(missed);
    this.hear({ type: "state", ...this.#server.standing });
  }

  push(said: Message): void {
    this.hear({ type: "message", message: said });
  }

  hear(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }

  drop(code: number): void {
    this.isLive = false;
    this.onclose?.({ code });
  }

  close(): void {
    this.isLive = false;
  }
}

class FakeChannel implements Channel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly #others: Set<FakeChannel>;

  constructor(others: Set<FakeChannel>) {
    this.#others = others;
    others.add(this);
  }

  postMessage(news: unknown): void {
    for (const other of this.#others) if (other !== this) other.onmessage?.({ data: news });
  }

  close(): void {
    this.#others.delete(this);
  }
}

/** One browser: what its pages share is its storage and its channels. */
export class FakeBrowser {
  readonly keep = new PageMemory();
  readonly server: FakeServer;
  #channels = new Map<string, Set<FakeChannel>>();
  #ids = 0;

  constructor(server: FakeServer) {
    this.server = server;
  }

  world(): World {
    return {
      fetch: this.server.fetch,
      openSocket: (url) => new FakeSocket(this.server, url),
      openChannel: (name) => {
        const others = this.#channels.get(name) ?? new Set();
        this.#channels.set(name, others);
        return new FakeChannel(others);
      },
      keep: this.keep,
      newId: () => `id-${(this.#ids += 1)}`,
      random: () => 0,
    };
  }
}

export function identityOf(account: string): string {
  return `e30.${Buffer.from(JSON.stringify({ sub: account })).toString("base64url")}.x`;
}

function json(body: unknown): Response {
  return new Response(JSON.stringify(body), { status: 200 });
}

function failure({ status, code, retryAfter }: { status: number; code: string; retryAfter?: number }): Response {
  const headers = new Headers(retryAfter ? { "Retry-After": String(retryAfter) } : {});
  return new Response(JSON.stringify({ error: { code, message: code } }), { status, headers });
}
