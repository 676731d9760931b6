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
const ATTRIBUTES = ["base", "identity", "identity-url", "company", "lang", "theme"];

const script = document.currentScript as HTMLScriptElement;
const home = new URL(".", script.src).href;
let coming: Promise<unknown> | undefined;

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

async function ready(): Promise<Desk> {
  coming ??= import(`${home}assets/save-desk.js?v=${WIDGET_VERSION}`);
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
  const bring = (): void => void ready();
  if ("requestIdleCallback" in window) requestIdleCallback(bring, { timeout: IDLE_MS });
  else setTimeout(bring, 200);
}

export {};
