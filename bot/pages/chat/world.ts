/** What the chat core needs of the world; a browser page fills it in, and so does a test. */

import type { Fetch } from "./gateway.ts";
import type { Socket } from "./live.ts";
import type { KeyValues } from "./memory.ts";
import type { Channel } from "./tabs.ts";

export interface World {
  fetch: Fetch;
  openSocket(url: string): Socket;
  /** A channel to the other pages of this browser; null where there is none. */
  openChannel(name: string): Channel | null;
  keep: KeyValues;
  newId(): string;
  /** In [0, 1). */
  random(): number;
}
