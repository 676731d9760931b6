/** Everything that can be done by the keyboard, with its key. */

import type { DeskPage } from "./page.ts";

export interface Command {
  readonly key: string;
  readonly label: string;
  run(page: DeskPage): void;
}

export const COMMANDS: readonly Command[] = [
  { key: "n", label: "Take the next conversation", run: (page) => void page.desk.next() },
  { key: "c", label: "Take the open conversation", run: (page) => page.claimOpen() },
  { key: "j", label: "Go to the next one in the list", run: (page) => page.move(1) },
  { key: "k", label: "Go to the one before in the list", run: (page) => page.move(-1) },
  { key: "r", label: "Write a reply", run: (page) => page.writing("reply") },
  { key: "i", label: "Write a private note", run: (page) => page.writing("note") },
  { key: "a", label: "Choose a ready answer", run: (page) => page.askIfMine("canned") },
  { key: "t", label: "Pass the conversation on", run: (page) => page.askIfMine("transfer") },
  { key: "b", label: "Hand back to the assistant", run: (page) => page.askIfMine("hand-back") },
  { key: "x", label: "Close the conversation", run: (page) => page.askIfMine("close") },
  { key: "o", label: "See what may be offered", run: (page) => page.show("about") },
  { key: "/", label: "Search in conversations", run: (page) => page.focusOn("#search") },
  { key: "p", label: "Pause or go on taking conversations", run: (page) => page.toggleAway() },
  { key: "?", label: "All commands", run: (page) => page.ask("commands") },
];
