/** Calls the agent while somebody waits: in the window's title, by a sound, by the system; again until taken. */

import type { KeyValues } from "../chat/memory.ts";
import { Timers } from "../chat/timers.ts";
import { nameOf, span } from "./figures.ts";
import type { Case } from "./shapes.ts";
import { isToBeCalled } from "./state.ts";

const AGAIN_MS = 20_000;
const SOUND = "save-desk:staff:sound";
const TITLE = "Agent desk";

/** The same words twice would not be read out again: how long they have been waiting differs. */
function said(cases: readonly Case[], isAgain: boolean): string {
  const names = cases.map(nameOf).join(", ");
  const isCall = cases.every((one) => isToBeCalled(one, Date.now()));
  const does = isCall ? "to be called" : "waiting";
  const words = cases.length === 1 ? `${names} is ${does}` : `${cases.length} are ${does}: ${names}`;
  const since = cases.map((one) => (isCall ? one.call_back!.from : one.waiting_since)).sort()[0];
  return isAgain && since ? `${words}, for ${span(since, Date.now())} now.` : `${words}.`;
}

export class Attention {
  /** What a screen reader is told; changes with each who comes. */
  announcement = "";
  readonly #keep: KeyValues;
  readonly #changed: () => void;
  readonly #timers = new Timers();
  #known = new Set<string>();
  #calling: readonly Case[] = [];
  #audio: AudioContext | null = null;

  constructor(keep: KeyValues, changed: () => void) {
    this.#keep = keep;
    this.#changed = changed;
  }

  get hasSound(): boolean {
    return this.#keep.getItem(SOUND) === "on";
  }

  /** Turned on by a press, as browsers want it; asks for the system's notifications as well. */
  setSound(on: boolean): void {
    this.#keep.setItem(SOUND, on ? "on" : "off");
    if (on) {
      this.#beep();
      if (typeof Notification !== "undefined" && Notification.permission === "default") void Notification.requestPermission();
    }
    this.#changed();
  }

  /** `calling` wait and could be taken; of `mine`, those with something unread are counted. */
  see(calling: readonly Case[], mine: readonly Case[]): void {
    const fresh = calling.filter(({ conversation }) => !this.#known.has(conversation));
    this.#known = new Set(calling.map(({ conversation }) => conversation));
    this.#calling = calling;
    const count = calling.length + mine.filter(({ unread }) => unread > 0).length;
    document.title = count > 0 ? `(${count}) ${TITLE}` : TITLE;
    if (calling.length === 0) this.#timers.clear("again");
    else if (fresh.length > 0) this.#call(fresh);
  }

  #call(cases: readonly Case[], isAgain = false): void {
    this.announcement = said(cases, isAgain);
    if (this.hasSound) this.#beep();
    this.#notify(this.announcement);
    this.#timers.set("again", AGAIN_MS, () => {
      if (this.#calling.length > 0) this.#call(this.#calling, true);
      this.#changed();
    });
  }

  #notify(text: string): void {
    const may = typeof Notification !== "undefined" && Notification.permission === "granted";
    // Without `renotify` a notification that replaces another of its tag comes without a sound or a banner.
    const how = { body: text, tag: "save-desk-waiting", renotify: true };
    if (may && document.visibilityState === "hidden") new Notification(TITLE, how);
  }

  #beep(): void {
    try {
      this.#audio ??= new AudioContext();
      const tone = this.#audio.createOscillator();
      const volume = this.#audio.createGain();
      tone.frequency.value = 660;
      volume.gain.setValueAtTime(0.08, this.#audio.currentTime);
      volume.gain.exponentialRampToValueAtTime(0.001, this.#audio.currentTime + 0.35);
      tone.connect(volume).connect(this.#audio.destination);
      tone.start();
      tone.stop(this.#audio.currentTime + 0.4);
    } catch {
      /* A machine without sound: title and list still say it. */
    }
  }
}
