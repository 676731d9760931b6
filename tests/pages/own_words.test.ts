/** The widget's own words and figures, and the conversation as a file to keep. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Offer } from "../../bot/pages/chat/message.ts";
import { offerRows } from "../../bot/pages/widget/offer_rows.ts";
import { contentOf, nameOf, type Saved } from "../../bot/pages/widget/transcript_file.ts";
import { Words } from "../../bot/pages/widget/words.ts";
import { message } from "./fakes.ts";

const english = new Words(["en"]);
const NO_BREAK = /[\u00a0\u202f]/g;

const DISCOUNT: Offer = {
  id: "o-1", kind: "discount", title: "20 % off 3 payments", terms: "Then $89.00 again.", currency: "USD",
  price_minor: 8900, price_per: "month", price_after_minor: 7120, price_after_per: "month", price_later_minor: 8900,
  starts_on: "2026-12-05", until: "2027-03-05", choices: [],
};

function rows(offer: Partial<Offer>, words = english): string[] {
  return offerRows({ ...DISCOUNT, ...offer }, words).map(({ term, value }) => `${term}: ${value}`.replace(NO_BREAK, " "));
}

describe("the language", () => {
  test("is the first wanted one that there is, whatever its country", () => {
    assert.equal(new Words(["fr", "de-AT", "es"]).language, "de");
    assert.equal(new Words(["ES-mx"]).language, "es");
  });

  test("is English where none of the wanted ones is there", () => {
    assert.equal(new Words([]).language, "en");
    assert.equal(new Words(["fr", "ja"]).language, "en");
  });

  test("brings its own way of counting", () => {
    assert.equal(new Words(["es"]).count("composer.left", 1), "Queda 1 carácter");
    assert.equal(new Words(["es"]).count("composer.left", 2), "Quedan 2 caracteres");
    assert.equal(new Words(["de"]).count("launcher.unread", 1234), "Hilfe: 1.234 ungelesene Nachrichten");
  });

  test("has a direction, which a page may overrule with nothing but a direction", () => {
    assert.equal(english.direction, "ltr");
    assert.equal(new Words(["en"], "rtl").direction, "rtl");
    for (const none of ["", "auto", null, undefined]) assert.equal(new Words(["en"], none).direction, "ltr");
  });
});

describe("an offer's figures", () => {
  test("say what it costs now, with it, until when, and later", () => {
    assert.deepEqual(rows({}), [
      "Price now: $89.00 a month", "With this offer: $71.20 a month", "From: 5 December 2026",
      "Until: 5 March 2027", "After that: $89.00 a month",
    ]);
  });

  test("are written as the language writes them", () => {
    assert.deepEqual(rows({}, new Words(["de"])).slice(0, 3), [
      "Preis jetzt: 89,00 $ im Monat", "Mit diesem Angebot: 71,20 $ im Monat", "Ab: 5. Dezember 2026",
    ]);
    assert.ok(rows({ currency: "JPY", price_minor: 890 }).includes("Price now: ¥890 a month"));
  });

  test("tell a year's price from a month's", () => {
    const smaller = { kind: "downgrade", price_per: "year", price_minor: 89000, price_after_minor: 5900, until: null, price_later_minor: null };
    assert.deepEqual(rows(smaller).slice(0, 2), ["Price now: $890.00 a year", "With this offer: $59.00 a month"]);
  });

  test("of a pause say that there is nothing to pay, and of a trial no price that is not paid", () => {
    assert.ok(rows({ kind: "pause", price_after_minor: 0 }).includes("With this offer: Nothing to pay"));
    const trial = rows({ kind: "extend_trial", price_after_minor: 0 });
    assert.deepEqual(trial, ["With this offer: Nothing to pay", "Until: 5 March 2027", "After that: $89.00 a month"]);
  });

  test("make no change of a price that stays", () => {
    const credit = { kind: "credit", price_after_minor: 8900, until: null, price_later_minor: null, starts_on: null };
    assert.deepEqual(rows(credit), ["Price, as it is now: $89.00 a month"]);
  });

  test("of a return are what was paid and what each way is worth", () => {
    const choices = [{ id: "exchange", title: "Exchange it" }, { id: "store_credit", title: "Take store credit", value_minor: 8690 }];
    const back = { kind: "store_credit", price_minor: 7900, price_after_minor: 7900, price_per: null, price_later_minor: null, starts_on: null, choices };
    assert.deepEqual(rows(back), ["You paid: $79.00", "Until: 5 March 2027", "Exchange it: ", "Take store credit: $86.90"]);
  });

  test("of a gateway that does not send the newer ones are shown all the same", () => {
    const { price_per: _, price_after_per: __, price_later_minor: ___, starts_on: ____, ...older } = DISCOUNT;
    assert.deepEqual(offerRows(older, english).map((row) => row.value), ["$89.00", "$71.20", "5 March 2027"]);
  });
});

describe("a saved conversation", () => {
  const saved: Saved = {
    title: "Larder help", words: english, base: "https://desk.test", at: new Date("2026-11-29T10:00:00Z"),
    messages: [
      message(1, { text: "Hello" }),
      message(2, { from: "customer", text: "<b>too</b> expensive & \"slow\"" }),
      message(3, { text: "Perhaps this.", offer: DISCOUNT, buttons: [{ id: "b", title: "Accept" }, { id: "c", title: "Cancel now" }] }),
      message(4, { from: "agent", sender_name: "Sofia", text: "Hi\nMaya" }),
      message(5, { text: "Done.", receipt: { url: "/receipts/abc" } }),
      message(6, { text: "Bad.", receipt: { url: "javascript:alert(1)" } }),
    ],
    pending: [{ client_message_id: "x", saying: { text: "still here" }, shown: "still here", state: "unsent", code: null }],
  };

  test("as plain text has every word, figure and address, and says what a machine wrote", () => {
    const text = contentOf(saved, "txt").replace(NO_BREAK, " ");
    for (const part of [
      "Larder help\r\nSaved on 29 November 2026, ", "Assistant (automated), 23 November 2026, ", "<b>too</b> expensive & \"slow\"",
      "Offer: 20 % off 3 payments\r\nPrice now: $89.00 a month\r\nWith this offer: $71.20 a month", "Then $89.00 again.",
      "Choices: Accept · Cancel now", "\r\nSofia, 23 November 2026, ", "Hi\r\nMaya", "Receipt: https://desk.test/receipts/abc", "You (not sent)\r\nstill here",
    ]) assert.ok(text.includes(part), `${part}\n--- is not in\n${text}`);
    assert.equal(text.includes("javascript:"), false);
    assert.equal(/[^\r]\n/.test(text), false);
  });

  test("as a page is the same, with what people wrote as text", () => {
    const page = contentOf(saved, "html");
    for (const part of [
      "<html lang=\"en\" dir=\"ltr\">", "&lt;b&gt;too&lt;/b&gt; expensive &amp; &quot;slow&quot;",
      "<a href=\"https://desk.test/receipts/abc\">", "Hi\nMaya", "(automated)",
    ]) assert.ok(page.includes(part), part);
    assert.equal(/<b>|<script|javascript:/.test(page), false);
  });

  test("is named by its day", () => {
    assert.equal(nameOf(saved, "html"), "conversation-2026-11-29.html");
    assert.equal(nameOf(saved, "txt"), "conversation-2026-11-29.txt");
  });
});
