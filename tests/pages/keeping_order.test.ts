/** Order, once-only and waiting: the small parts of the chat core. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { backOff } from "../../bot/pages/chat/back_off.ts";
import { pieces, safeLink } from "../../bot/pages/chat/links.ts";
import { type KeyValues, Kept, PageMemory, whose } from "../../bot/pages/chat/memory.ts";
import { lengthOf } from "../../bot/pages/chat/message.ts";
import { Outbox } from "../../bot/pages/chat/outbox.ts";
import { Transcript } from "../../bot/pages/chat/transcript.ts";
import { identityOf, message } from "./fakes.ts";

describe("waiting between tries", () => {
  test("doubles from half a second and never passes eight seconds", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((failures) => backOff(failures, 0));
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000]);
  });

  test("is shortened at random by up to 30 percent, and never lengthened", () => {
    for (let i = 0; i < 100; i += 1) {
      const wait = backOff(4, i / 100);
      assert.ok(wait <= 4000 && wait >= 2800, `${wait}`);
    }
    assert.notEqual(backOff(4, 0.1), backOff(4, 0.9));
  });
});

describe("the transcript", () => {
  test("is in the order of the numbers, whatever the order of arrival", () => {
    const transcript = new Transcript();
    [3, 1, 2].forEach((seq) => transcript.follow(message(seq)));
    assert.deepEqual(transcript.messages.map((m) => m.seq), [1, 2, 3]);
  });

  test("holds a message that arrives twice once", () => {
    const transcript = new Transcript();
    assert.equal(transcript.follow(message(1)), true);
    assert.equal(transcript.follow(message(1)), false);
    assert.equal(transcript.messages.length, 1);
  });

  test("replays after what came in order, so that an own message skips nothing", () => {
    const transcript = new Transcript();
    transcript.follow(message(1));
    transcript.takeOwn(message(3, { from: "customer" }));
    assert.equal(transcript.cursor, 1);
    transcript.follow(message(2));
    transcript.follow(message(3, { from: "customer" }));
    assert.equal(transcript.cursor, 3);
    assert.deepEqual(transcript.messages.map((m) => m.seq), [1, 2, 3]);
  });

  test("shows the quick replies of the last message that has some, until the customer speaks", () => {
    const yes = [{ id: "b", title: "Yes" }];
    const transcript = new Transcript();
    transcript.follow(message(1, { buttons: [{ id: "a", title: "Old" }] }));
    transcript.follow(message(2, { buttons: yes }));
    transcript.follow(message(3));
    assert.deepEqual(transcript.openButtons(), { seq: 2, buttons: yes });
    transcript.follow(message(4, { from: "customer" }));
    transcript.follow(message(5));
    assert.equal(transcript.openButtons(), null);
  });

  test("asks no longer, once a person has come, whether to wait for one", () => {
    const ways = [{ id: "w", title: "Carry on here" }];
    const transcript = new Transcript();
    transcript.follow(message(1, { from: "customer" }));
    transcript.follow(message(2, { buttons: ways }));
    assert.deepEqual(transcript.openButtons(true), { seq: 2, buttons: ways });
    transcript.follow(message(3, { from: "system", text: "You are talking to Kim now." }));
    transcript.follow(message(4, { from: "agent" }));
    assert.equal(transcript.openButtons(true), null);
    assert.deepEqual(transcript.openButtons(), { seq: 2, buttons: ways });
  });

  test("keeps what was offered or done before a person came, and what is asked after", () => {
    const undo = [{ id: "u", title: "Undo the cancellation" }];
    const which = [{ id: "1", title: "Duo" }, { id: "2", title: "Light" }];
    const transcript = new Transcript();
    transcript.follow(message(1, { buttons: undo, receipt: { url: "/receipts/r" } }));
    transcript.follow(message(2, { from: "system" }));
    assert.deepEqual(transcript.openButtons(true)?.buttons, undo);
    transcript.follow(message(3, { from: "agent" }));
    transcript.follow(message(4, { buttons: which }));
    assert.deepEqual(transcript.openButtons(true)?.buttons, which);
  });

  test("counts as unread what others said, not what the customer said", () => {
    const transcript = new Transcript();
    transcript.follow(message(1));
    transcript.follow(message(2, { from: "customer" }));
    transcript.follow(message(3, { from: "agent" }));
    assert.equal(transcript.unreadSince(0), 2);
    assert.equal(transcript.unreadSince(1), 1);
  });
});

describe("the outbox", () => {
  test("survives the page, in order and with the same ids", () => {
    const keep = new PageMemory();
    const before = new Outbox(keep, "box");
    before.add("1", { text: "one" }, "one");
    before.add("2", { button_id: "cancel" }, "Cancel now");
    const after = new Outbox(keep, "box");
    assert.deepEqual(after.items.map((i) => i.client_message_id), ["1", "2"]);
    assert.deepEqual(after.next?.saying, { text: "one" });
  });

  test("steps over what was refused, and shows why", () => {
    const outbox = new Outbox(new PageMemory(), "box");
    outbox.add("1", { text: "one" }, "one");
    outbox.add("2", { text: "two" }, "two");
    outbox.mark("1", "refused", "message_too_long");
    assert.equal(outbox.next?.client_message_id, "2");
    assert.equal(outbox.items[0]?.code, "message_too_long");
    outbox.dropRefused();
    assert.deepEqual(outbox.items.map((i) => i.client_message_id), ["2"]);
  });

  test("keeps what two pages add in the same moment, before either has heard of the other", () => {
    const shared = new PageMemory();
    const [one, other] = [new Outbox(shared, "box"), new Outbox(shared, "box")];
    one.add("id-1", { text: "from one" }, "from one");
    other.add("id-2", { text: "from the other" }, "from the other");
    one.mark("id-1", "unsent");
    assert.deepEqual(new Outbox(shared, "box").items.map((item) => [item.shown, item.state]),
      [["from one", "unsent"], ["from the other", "sending"]]);
    other.remove("id-2");
    assert.deepEqual(new Outbox(shared, "box").items.map((item) => item.shown), ["from one"]);
  });

  test("leaves nothing behind when everything was delivered", () => {
    const keep = new PageMemory();
    const outbox = new Outbox(keep, "box");
    outbox.add("1", { text: "one" }, "one");
    assert.equal(outbox.remove("1"), true);
    assert.equal(outbox.remove("1"), false);
    assert.equal(keep.getItem("box"), null);
  });

  for (const damaged of ["{", "7", '[{"client_message_id": 3}, null]', '{"a": 1}']) {
    test(`begins empty on damaged storage: ${damaged}`, () => {
      const keep = new PageMemory();
      keep.setItem("box", damaged);
      assert.deepEqual(new Outbox(keep, "box").items, []);
    });
  }

  test("works on where storage is forbidden", () => {
    const refuse = (): never => { throw new Error("forbidden"); };
    const forbidden: KeyValues = { getItem: refuse, setItem: refuse, removeItem: refuse };
    const outbox = new Outbox(forbidden, "box");
    outbox.add("1", { text: "one" }, "one");
    assert.equal(outbox.next?.client_message_id, "1");
    assert.equal(new Kept(forbidden, "x").read(), null);
  });
});

describe("whose conversation it is", () => {
  test("is told by the identity's subject, and a visitor's without one", () => {
    assert.equal(whose(identityOf("A-1001")), "account:A-1001");
    assert.equal(whose(null), "visitor");
  });

  for (const broken of ["", "x", "a.b.c", `e30.${Buffer.from("[]").toString("base64url")}.x`]) {
    test(`is a visitor's when the identity cannot be read: ${broken}`, () => {
      assert.equal(whose(broken), "visitor");
    });
  }
});

describe("links in plain text", () => {
  test("are found, without the full stop behind them, and the text stays whole", () => {
    const found = pieces("See https://larder.test/a?b=1. Thanks");
    assert.deepEqual(found.map((p) => p.href), [null, "https://larder.test/a?b=1", null]);
    assert.equal(found.map((p) => p.text).join(""), "See https://larder.test/a?b=1. Thanks");
  });

  for (const text of [
    "javascript:alert(1)", "data:text/html,x", "https://", "http://user:secret@bank.test/",
    "vbscript:x", "<img src=x onerror=alert(1)>", "file:///etc/passwd",
  ]) {
    test(`are not made of ${text}`, () => {
      assert.ok(pieces(text).every((p) => p.href === null));
      assert.equal(pieces(text).map((p) => p.text).join(""), text);
    });
  }

  test("are spelt as the browser will read them, so that no letter can pose as another", () => {
    const [piece] = pieces("https://l\u0430rder.test/"); // the a is Cyrillic
    assert.match(piece!.text, /^https:\/\/xn--/);
  });

  test("of receipts may be relative to the gateway, and nothing but http", () => {
    assert.equal(safeLink("/receipts/abc", "https://desk.test/"), "https://desk.test/receipts/abc");
    assert.equal(safeLink("javascript:alert(1)", "https://desk.test/"), null);
  });
});

test("a text is as long as it has characters, not halves of them", () => {
  assert.equal(lengthOf("héllo"), 5);
  assert.equal(lengthOf("\u{1F955}\u{1F955}"), 2);
});
