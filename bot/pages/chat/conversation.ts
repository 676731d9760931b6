/** One customer's conversation, from the page's side: opened, followed, spoken in, resumed. */

import { Entrance } from "./entrance.ts";
import { Gateway, GatewayError } from "./gateway.ts";
import { LiveFeed } from "./live.ts";
import type { Button, Holder, Message, Opened, Posted, Saying, Standing } from "./message.ts";
import type { Outgoing } from "./outbox.ts";
import { Posting } from "./posting.ts";
import type { TabNews } from "./tabs.ts";
import { Timers } from "./timers.ts";
import { Transcript } from "./transcript.ts";
import { Typing } from "./typing.ts";
import type { World } from "./world.ts";

export interface Settings {
  /** The gateway's address. */
  readonly base: string;
  /** The signed identity of the customer, fetched afresh; null for a visitor. */
  identity(): Promise<string | null>;
  /** Something to show has changed. */
  onChange(): void;
  /** A message of the other side arrived while we were listening. */
  onMessage?(message: Message): void;
}

export type Phase = "closed" | "opening" | "open";

const RECONNECTING_AFTER_MS = 1_500;
const ANSWER_SIGN_MS = 8_000;
const CHECK_UP_MS = 4_000;
/** Another page closes the old conversation first; then this one finds the new one. */
const OTHER_PAGE_MS = 2_000;
const AT_FIRST: Standing = { idle: true, holder: "assistant", last_seq: 0 };

export class Conversation {
  readonly #world: World;
  readonly #settings: Settings;
  readonly #gateway: Gateway;
  readonly #entrance: Entrance;
  readonly #posting: Posting;
  readonly #timers = new Timers();
  readonly #typing = new Typing(() => this.#changed());
  #transcript = new Transcript();
  #opened: Opened | null = null;
  #phase: Phase = "closed";
  #standing = AT_FIRST;
  #feed: LiveFeed | null = null;
  #read = 0;
  #linkUp = true;
  #reconnecting = false;
  #expecting = false;
  #stopped = false;

  constructor(world: World, settings: Settings) {
    this.#world = world;
    this.#settings = settings;
    this.#gateway = new Gateway(settings.base, world.fetch);
    this.#entrance = new Entrance(world, this.#gateway, {
      base: settings.base,
      identity: () => settings.identity(),
      entered: (opened) => this.#enter(opened),
      delayed: () => this.#watchLink(false),
      hearTab: (news) => this.#hearTab(news),
    });
    this.#posting = new Posting({
      outbox: () => this.#entrance.outbox,
      isOpen: () => this.#phase === "open" && !this.#stopped,
      post: (item) => this.#post(item),
      changed: () => this.#tellTabs({ kind: "outbox" }),
      refused: () => this.#reopen(),
      random: () => this.#world.random(),
    });
  }

  get phase(): Phase { return this.#phase; }
  get id(): string | null { return this.#opened?.conversation ?? null; }
  /** The conversation this page is in, or comes back to. */
  get expected(): string | null { return this.id ?? this.#entrance.drawer?.remembered.read()?.conversation ?? null; }
  get holder(): Holder { return this.#standing.holder; }
  get customerName(): string | null { return this.#opened?.customer_name ?? null; }
  get messages(): readonly Message[] { return this.#transcript.messages; }
  get pending(): readonly Outgoing[] { return this.#entrance.outbox.items; }
  get unread(): number { return this.#transcript.unreadSince(this.#read); }
  /** The other side is working on an answer. */
  get working(): boolean { return !this.#standing.idle || this.#expecting; }
  /** The person who is writing just now; their name may not be known. */
  get typing(): { readonly name: string | null } | null { return this.#typing.who; }
  /** The line has been down for longer than a blink. */
  get reconnecting(): boolean { return this.#reconnecting; }
  /** The website's word on who this is was not accepted: we go on as with a visitor. */
  get identityRefused(): boolean { return this.#entrance.identityRefused && !this.#opened?.account; }

  /** Nothing is on its way in either direction. */
  get settled(): boolean {
    return this.#phase === "open" && !this.working && this.#entrance.outbox.next === null && this.#linkUp;
  }

  /** The quick replies to show, unless one was just pressed. */
  get openButtons(): { readonly seq: number; readonly buttons: readonly Button[] } | null {
    return this.#entrance.outbox.next === null ? this.#transcript.openButtons(this.holder === "agent") : null;
  }

  /** The name of the agent who holds the conversation, if an agent does and said one. */
  get agentName(): string | null {
    if (this.holder !== "agent") return null;
    // Another agent may have taken over who has not written yet: the messages know the last one only.
    return this.#standing.agent_name ?? this.messages.findLast((m) => m.from === "agent" && m.sender_name)?.sender_name ?? null;
  }

  /** Take up an earlier conversation if this browser remembers one; open none otherwise. */
  async resume(): Promise<void> {
    await this.#entrance.meet();
    if (this.#entrance.drawer?.remembered.read() || this.#entrance.outbox.next !== null) await this.open();
  }

  /** Be in a conversation: the earlier one if it still goes on, else a new one. */
  async open(): Promise<void> {
    if (this.#phase !== "closed" || this.#stopped) return;
    this.#phase = "opening";
    this.#changed();
    await this.#entrance.enter({ resume: true });
  }

  /** Say something in words; it is in the outbox, and so safe, when this returns. */
  say(text: string): void {
    this.#send({ text }, text);
  }

  /** Press a button the server had shown, or one of the two controls that always work. */
  press(buttonId: string, title: string): void {
    this.#send({ button_id: buttonId }, title);
  }

  /** Try everything unsent again now; also when the network is back or the page was asleep. */
  retry(): void {
    this.#entrance.hurry();
    this.#feed?.wake();
    this.#posting.hurry();
  }

  /** Give up on something that was refused or never sent. */
  discard(clientMessageId: string): void {
    this.#entrance.outbox.remove(clientMessageId);
    this.#tellTabs({ kind: "outbox" });
  }

  /** Everything so far has been on screen. */
  markRead(): void {
    const seq = this.#transcript.lastSeq;
    if (seq <= this.#read) return;
    this.#read = seq;
    this.#remember();
    this.#tellTabs({ kind: "read", seq });
  }

  /** Close this conversation and begin a new one. */
  async startOver(): Promise<void> {
    const earlier = this.#opened;
    this.#forget();
    this.#tellTabs({ kind: "started_over" });
    // One that could not be closed closes by itself: that must not hold up the new one.
    if (earlier) await this.#gateway.close(earlier.conversation, earlier.token).catch(() => undefined);
    await this.#entrance.enter({ resume: false });
  }

  /** The customer signed out: the next person at this browser must not come back to this. */
  signOut(): void {
    this.#entrance.drawer?.remembered.forget();
    this.stop();
  }

  /** Leave the page: nothing more is heard, sent or shown; the server keeps the conversation. */
  stop(): void {
    this.#stopped = true;
    this.#feed?.stop();
    this.#posting.stop();
    this.#entrance.stop();
    this.#timers.clearAll();
    this.#typing.end();
  }

  #enter(opened: Opened): void {
    if (this.#opened?.conversation !== opened.conversation) this.#transcript = new Transcript();
    const remembered = this.#entrance.drawer?.remembered.read();
    const isKnown = remembered?.conversation === opened.conversation;
    this.#read = isKnown ? Math.max(this.#read, remembered.read) : 0;
    this.#opened = opened;
    this.#phase = "open";
    const { holder, agent_name = null, last_seq } = opened;
    this.#standing = { idle: true, holder, agent_name, last_seq };
    opened.messages.forEach((message) => this.#arrived(message));
    this.#transcript.caughtUp(opened.last_seq);
    this.#remember();
    this.#watchLink(true);
    this.#follow(opened);
    this.#changed();
    void this.#posting.flush();
  }

  #follow({ conversation, token }: Opened): void {
    this.#feed?.stop();
    const gateway = this.#gateway;
    this.#feed = new LiveFeed(
      {
        url: gateway.liveUrl(conversation),
        token,
        cursor: () => this.#transcript.cursor,
        open: (url) => this.#world.openSocket(url),
        poll: (after, seconds) =>
          gateway.updates(conversation, token, after, seconds, this.#standing.idle),
        isAccess: (error) => error instanceof GatewayError && error.isAccess,
        random: () => this.#world.random(),
      },
      {
        message: (message) => this.#hear(message),
        standing: (standing) => this.#stand(standing),
        typing: (name) => this.#typing.sign(name),
        link: (up) => this.#watchLink(up),
        refused: () => this.#reopen(),
      },
    );
    this.#feed.start();
  }

  /** The token is not accepted any more: ask for a new one, for the same conversation. */
  #reopen(): void {
    if (this.#phase !== "open") return;
    this.#feed?.stop();
    this.#phase = "opening";
    this.#entrance.enterLater();
    this.#changed();
  }

  #hear(message: Message): void {
    if (message.from !== "customer") this.#expect(false);
    if (message.from === "agent") this.#typing.end();
    if (this.#arrived(message) && message.from !== "customer") this.#settings.onMessage?.(message);
    this.#changed();
  }

  /** Take a message in order; one of ours that comes this way was delivered, whatever we heard. */
  #arrived(message: Message): boolean {
    const id = message.client_message_id;
    if (id !== null && this.#entrance.outbox.remove(id)) this.#tellTabs({ kind: "outbox" });
    return this.#transcript.follow(message);
  }

  #stand({ idle, holder, agent_name, last_seq }: Standing): void {
    this.#expect(false);
    if (holder !== this.#standing.holder) this.#typing.end();
    this.#standing = { idle, holder, agent_name: agent_name ?? null, last_seq };
    this.#changed();
  }

  #send(saying: Saying, shown: string): void {
    this.#entrance.outbox.add(this.#world.newId(), saying, shown);
    this.#tellTabs({ kind: "outbox" });
    if (this.#phase === "closed") void this.open();
    else void this.#posting.flush();
  }

  async #post(item: Outgoing): Promise<Posted> {
    const { conversation, token } = this.#opened!;
    const posted = await this.#gateway.post(conversation, token, item.client_message_id, item.saying);
    // If the conversation was left meanwhile, it is no part of what is shown now.
    if (this.#opened?.conversation === conversation) this.#takeOwn(posted);
    return posted;
  }

  #takeOwn({ message, last_seq }: Posted): void {
    this.#transcript.takeOwn(message);
    this.#expect(this.holder === "assistant" && this.#transcript.lastSeq === message.seq);
    this.#checkUp(last_seq);
  }

  /** An answer is sure to follow: show so at once, but never for long on our word alone. */
  #expect(expecting: boolean): void {
    this.#expecting = expecting;
    this.#timers.clear("expect");
    if (!expecting) return;
    this.#timers.set("expect", ANSWER_SIGN_MS, () => {
      this.#expecting = false;
      this.#changed();
    });
  }

  /** If the feed has not brought what the server is known to have, it is dead: begin it anew. */
  #checkUp(lastSeq: number): void {
    this.#timers.set("check-up", CHECK_UP_MS, () => {
      if (this.#transcript.cursor < lastSeq) this.#feed?.wake();
    });
  }

  #watchLink(up: boolean): void {
    this.#linkUp = up;
    if (!up) this.#typing.end();
    if (up) {
      this.#timers.clear("reconnecting");
      this.#reconnecting = false;
    } else if (!this.#timers.has("reconnecting") && !this.#reconnecting) {
      this.#timers.set("reconnecting", RECONNECTING_AFTER_MS, () => {
        this.#reconnecting = true;
        this.#changed();
      });
    }
    this.#changed();
  }

  #hearTab(news: TabNews): void {
    if (news.kind === "read") this.#read = Math.max(this.#read, news.seq);
    if (news.kind === "outbox") this.#entrance.outbox.reload();
    if (news.kind === "started_over" && this.#phase !== "closed") {
      this.#forget();
      this.#entrance.enterLater(OTHER_PAGE_MS);
    }
    this.#changed();
  }

  #tellTabs(news: TabNews): void {
    this.#entrance.drawer?.tabs.tell(news);
    this.#changed();
  }

  #remember(): void {
    if (this.#opened === null) return;
    const { conversation, token } = this.#opened;
    this.#entrance.drawer?.remember({ conversation, token, read: this.#read });
  }

  #forget(): void {
    this.#feed?.stop();
    this.#feed = null;
    // What is unsent goes on to the new conversation: a stated cancellation is never dropped.
    this.#entrance.outbox.dropRefused();
    this.#entrance.drawer?.remembered.forget();
    this.#opened = null;
    this.#phase = "opening";
    this.#transcript = new Transcript();
    this.#read = 0;
    this.#standing = AT_FIRST;
    this.#expect(false);
    this.#typing.end();
  }

  #changed(): void {
    if (!this.#stopped) this.#settings.onChange();
  }
}
