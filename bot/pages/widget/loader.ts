/** The one script a website includes: brings the widget when the page has nothing better to do. */

interface Desk extends HTMLElement {
  open(): void;
  close(): void;
  toggle(): void;
  identify(identity: string | null): void;
}

interface SaveDeskApi {
  open(): Promise<void>;
  close(): Promise<void>;
  toggle(): Promise<void>;
  /** The customer signed in (their signed identity) or out (null). */
  identify(identity: string | null): Promise<void>;
  /** Listen to `open`, `close` or `message`; returns how to stop. */
  on(what: "open" | "close" | "message", hear: (detail: unknown) => void): () => void;
}

const TAG = "save-desk";
const IDLE_MS = 2_000;
const ATTRIBUTES = ["base", "identity", "identity-url", "company", "lang", "dir", "theme"];

const script = document.currentScript as HTMLScriptElement;
const home = new URL(".", script.src).href;
let coming: Promise<unknown> | undefined;
let tries = 0;

/** A website may place the element itself, or say on the script tag what it should be. */
function element(): Desk {
  const placed = document.querySelector<Desk>(TAG);
  if (placed) return placed;
  const made = document.createElement(TAG) as Desk;
  for (const name of ATTRIBUTES) {
    const value = script.getAttribute(`data-${name}`);
    if (value !== null) made.setAttribute(name, value);
  }
  document.body.append(made);
  return made;
}

/** A module that failed to come stays failed under its address: another try needs another one. */
function bring(): Promise<unknown> {
  const again = tries > 0 ? `&try=${tries}` : "";
  tries += 1;
  return import(`${home}assets/save-desk.js?v=${WIDGET_VERSION}${again}`).catch((error: unknown) => {
    coming = undefined;
    console.error(`Save Desk did not start. The page's policy must allow scripts of ${home} and trusted-types lit-html.`);
    throw error;
  });
}

async function ready(): Promise<Desk> {
  coming ??= bring();
  await coming;
  return element();
}

const api: SaveDeskApi = {
  open: async () => (await ready()).open(),
  close: async () => (await ready()).close(),
  toggle: async () => (await ready()).toggle(),
  identify: async (identity) => (await ready()).identify(identity),
  on(what, hear) {
    const name = `${TAG}-${what}`;
    const listener = (event: Event) => hear((event as CustomEvent).detail);
    const desk = element();
    desk.addEventListener(name, listener);
    return () => desk.removeEventListener(name, listener);
  },
};

declare global {
  interface Window { saveDesk?: SaveDeskApi }
}

if (!window.saveDesk) {
  window.saveDesk = api;
  // What went wrong has been said; the next call of the page's tries again.
  const begin = (): void => void ready().catch(() => undefined);
  if ("requestIdleCallback" in window) requestIdleCallback(begin, { timeout: IDLE_MS });
  else setTimeout(begin, 200);
}

export {};
