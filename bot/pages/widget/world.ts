/** The browser, as the chat core wants to see it. */

import type { World } from "../chat/world.ts";
import type { Socket } from "../chat/live.ts";
import { type KeyValues, PageMemory } from "../chat/memory.ts";
import type { Channel } from "../chat/tabs.ts";

export function browserWorld(): World {
  return {
    fetch: (url, init) => fetch(url, init),
    openSocket: (url) => new WebSocket(url) as unknown as Socket,
    openChannel: (name) => typeof BroadcastChannel === "undefined" ? null : (new BroadcastChannel(name) as unknown as Channel),
    keep: storage(() => localStorage),
    newId,
    random: Math.random,
  };
}

/** What this tab alone keeps while its page is left and comes again. */
export function tabStorage(): KeyValues {
  return storage(() => sessionStorage);
}

/** The browser's storage, or the page's own memory where the browser forbids it. */
function storage(get: () => KeyValues): KeyValues {
  try {
    const found = get();
    found.getItem("save-desk");
    return found;
  } catch {
    return new PageMemory();
  }
}

/** A random UUID; `crypto.randomUUID` itself exists only on secure pages. */
function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
