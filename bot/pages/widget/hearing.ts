/** What is read out to those who do not see the widget: what matters, once, and not everything. */

import type { Conversation } from "../chat/conversation.ts";
import type { Message } from "../chat/message.ts";
import { refusal, senderOf } from "./message_view.ts";
import type { Words } from "./words.ts";

/** More than this in one moment is a catching up, and nobody wants all of it read out. */
const MOST_TOGETHER = 3;

export class Hearing {
  #wasLost = false;
  #refused = new Set<string>();

  message(message: Message, words: Words): string {
    const choices = message.buttons.map((button) => button.title).join(", ");
    const told = [message.text, message.offer?.title, choices && words.say("announce.choices", { choices })];
    return words.say("announce", { sender: senderOf(message, words), text: told.filter(Boolean).join(". ") });
  }

  together(texts: readonly string[], words: Words): string {
    if (texts.length <= MOST_TOGETHER) return texts.join(" ");
    return words.say("announce.many", { count: texts.length, text: texts.at(-1)! });
  }

  /** Trouble that has come up since the last call; each is told once, however long it lasts. */
  troubles(conversation: Conversation, words: Words): readonly string[] {
    const told: string[] = [];
    if (conversation.reconnecting && !this.#wasLost) told.push(words.say("link.lost"));
    this.#wasLost = conversation.reconnecting;
    const refused = conversation.pending.filter((item) => item.state === "refused");
    for (const item of refused) if (!this.#refused.has(item.client_message_id)) told.push(refusal(item.code, words));
    this.#refused = new Set(refused.map((item) => item.client_message_id));
    return told;
  }
}
