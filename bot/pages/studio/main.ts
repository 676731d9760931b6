/** The studio's script: htmx, allowed no more than our pages need. */

import htmx from "htmx.org";
import { listenForKeys } from "./keys.ts";
import "./trusted.ts";
import { tellOfWaiting } from "./waiting.ts";

Object.assign(htmx.config, {
  // No text becomes code or style, whatever an answer holds, and nothing goes to another website.
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  attributesToSettle: [],
  selfRequestsOnly: true,
  // What customers said is kept by no browser.
  historyEnabled: false,
  // A refusal is a page too: its words are shown where the answer would be.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[245]..", swap: true },
    { code: "...", swap: false },
  ],
});

listenForKeys();
tellOfWaiting();
