/** Keeps several pages of one browser in step: what was read, what is unsent, a fresh start. */

export type TabNews =
  | { readonly kind: "read"; readonly seq: number }
  | { readonly kind: "outbox" }
  | { readonly kind: "started_over" };

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(news: unknown): void;
  close(): void;
}

export class Tabs {
  readonly #channel: Channel | null;

  /** Without a channel (an old browser) every page is on its own, and still right. */
  constructor(channel: Channel | null, hear: (news: TabNews) => void) {
    this.#channel = channel;
    if (!channel) return;
    channel.onmessage = ({ data }) => {
      if (data && typeof data === "object" && "kind" in data) hear(data as TabNews);
    };
  }

  tell(news: TabNews): void {
    this.#channel?.postMessage(news);
  }

  close(): void {
    this.#channel?.close();
  }
}
