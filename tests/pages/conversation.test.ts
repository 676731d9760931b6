/** A conversation through everything that goes wrong on the way to the gateway. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { Conversation, type Settings } from "../../bot/pages/chat/conversation.ts";
import { BASE, FakeBrowser, FakeServer, identityOf, pass, settle } from "./fakes.ts";

let server: FakeServer;
let browser: FakeBrowser;
let pages: Conversation[];

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  server = new FakeServer();
  browser = new FakeBrowser(server);
  pages = [];
});

afterEach(() => {
  pages.forEach((page) => page.stop());
  mock.timers.reset();
});

function aPage(settings: Partial<Settings> = {}): Conversation {
  const page = new Conversation(browser.world(), {
    base: BASE, identity: async () => null, onChange: () => undefined, ...settings,
  });
  pages.push(page);
  return page;
}

async function anOpenPage(settings: Partial<Settings> = {}): Promise<Conversation> {
  const page = aPage(settings);
  await page.open();
  await settle();
  assert.equal(page.phase, "open");
  return page;
}

const textsOf = (page: Conversation): string[] => page.messages.map((m) => m.text);

describe("opening", () => {
  test("shows the history and follows from there, with the token in the first frame alone", async () => {
    const page = await anOpenPage();
    assert.deepEqual(textsOf(page), ["Hello"]);
    assert.deepEqual(server.sockets[0]?.sent, [{ token: "t-1", after: 1 }]);
    assert.ok(!server.sockets[0]!.url.includes("t-1"));
    assert.ok(server.requests.every(({ url }) => !url.includes("t-1")));
  });

  test("is not done once the page has gone on without it, though it learns who the customer is", async () => {
    let tell: (identity: string | null) => void = () => undefined;
    const page = aPage({ identity: () => new Promise((resolve) => { tell = resolve; }) });
    const opening = page.open();
    page.stop();
    tell(null);
    await opening;
    await settle();
    assert.deepEqual(server.requests, []);
  });

  test("is not done for a customer who only looks at the page", async () => {
    await aPage().resume();
    await settle();
    assert.deepEqual(server.requests, []);
  });

  test("is done at once for one who comes back, with the visitor's token", async () => {
    (await anOpenPage()).stop();
    const again = aPage();
    await again.resume();
    await settle();
    assert.equal(again.phase, "open");
    assert.equal(server.requests.at(-1)?.token, "t-1");
  });

  test("is tried again until the gateway is there", async () => {
    server.openMishaps = ["unreachable", "unreachable", { status: 503, code: "unavailable" }];
    const page = aPage();
    await page.open();
    page.say("too expensive");
    assert.equal(page.phase, "opening");
    await pass(4_000);
    assert.equal(page.phase, "open");
    assert.deepEqual(server.texts, ["Hello", "too expensive"]);
  });

  test("carries a visitor's conversation over when they turn out to be known", async () => {
    (await anOpenPage()).stop();
    await anOpenPage({ identity: async () => identityOf("A-1001") });
    const opened = server.requests.filter((r) => r.url.endsWith("/conversations")).at(-1)!;
    assert.equal(opened.token, "t-1");
    assert.equal(opened.body.identity, identityOf("A-1001"));
  });

  test("drops a visitor's token that is not accepted any more", async () => {
    (await anOpenPage()).stop();
    server.openMishaps = [{ status: 401, code: "identity_refused" }];
    const again = aPage();
    await again.resume();
    await pass(1_000);
    assert.equal(again.phase, "open");
    assert.equal(server.requests.filter((r) => r.url.endsWith("/conversations")).at(-1)?.token, null);
  });

  test("asks the website for the identity once, because each is good for one opening", async () => {
    let asked = 0;
    const page = aPage({ identity: async () => (asked += 1, identityOf("A-1001")) });
    await page.resume();
    await page.open();
    await settle();
    assert.equal(page.phase, "open");
    assert.equal(asked, 1);
  });

  test("comes back by its own token when the identity on the page has been used up", async () => {
    const identity = async (): Promise<string> => identityOf("A-1001");
    (await anOpenPage({ identity })).stop();
    const refused = { status: 401, code: "identity_refused" };
    server.openMishaps = [refused, refused];
    const again = aPage({ identity });
    await again.resume();
    await pass(3_000);
    assert.equal(again.phase, "open");
    const last = server.requests.filter((r) => r.url.endsWith("/conversations")).at(-1)!;
    assert.deepEqual([last.token, "identity" in last.body], ["t-1", false]);
  });

  test("leaves nothing to come back to once the customer has signed out", async () => {
    (await anOpenPage()).signOut();
    const next = aPage();
    await next.resume();
    await settle();
    assert.equal(next.phase, "closed");
  });

  test("goes on as with a visitor when the website's word is refused twice", async () => {
    const refused = { status: 401, code: "identity_refused" };
    server.openMishaps = [refused, refused];
    const page = aPage({ identity: async () => identityOf("A-1001") });
    await page.open();
    await pass(3_000);
    assert.equal(page.phase, "open");
    assert.equal(page.identityRefused, true);
    const asked = server.requests.filter((r) => r.url.endsWith("/conversations"));
    assert.deepEqual(asked.map((r) => "identity" in r.body), [true, true, false]);
  });

  test("works without the website's identity service", async () => {
    const page = aPage({ identity: () => Promise.reject(new Error("down")) });
    await page.open();
    await settle();
    assert.equal(page.phase, "open");
  });
});

describe("saying something", () => {
  test("shows it at once, and once when it is stored", async () => {
    const page = await anOpenPage();
    page.say("I want to cancel");
    assert.deepEqual(page.pending.map((p) => p.shown), ["I want to cancel"]);
    await settle();
    assert.deepEqual(page.pending, []);
    assert.deepEqual(textsOf(page), ["Hello", "I want to cancel"]);
  });

  test("whose answer got lost is tried again under the same id, and stored once", async () => {
    const page = await anOpenPage();
    server.sockets[0]!.close(); // Nothing but the post can tell that it arrived.
    server.mishaps = ["lost"];
    page.say("accept");
    await settle();
    assert.equal(page.pending[0]?.state, "unsent");
    await pass(600);
    assert.deepEqual(server.posts(), ["id-1", "id-1"]);
    assert.deepEqual(server.texts, ["Hello", "accept"]);
    assert.deepEqual(page.pending, []);
  });

  test("is known to have arrived when the live feed brings it, though the answer was lost", async () => {
    const page = await anOpenPage();
    server.mishaps = ["lost"];
    page.say("accept");
    await settle();
    assert.deepEqual(page.pending, []);
    await pass(5_000);
    assert.deepEqual(server.posts(), ["id-1"]);
  });

  test("stays in order when the first one has trouble", async () => {
    const page = await anOpenPage();
    server.mishaps = ["unreachable", "unreachable"];
    ["one", "two", "three"].forEach((text) => page.say(text));
    await pass(3_000);
    assert.deepEqual(server.texts, ["Hello", "one", "two", "three"]);
  });

  test("waits as long as a busy gateway asks, and no shorter", async () => {
    const page = await anOpenPage();
    server.mishaps = [{ status: 429, code: "too_many_messages", retryAfter: 7 }];
    page.say("quick");
    await pass(6_500);
    assert.deepEqual(server.texts, ["Hello"]);
    await pass(1_000);
    assert.deepEqual(server.texts, ["Hello", "quick"]);
  });

  test("is marked and not repeated when it is refused, and what follows goes out", async () => {
    const page = await anOpenPage();
    server.mishaps = [{ status: 410, code: "button_expired" }];
    page.press("b-1", "Accept");
    page.say("still there?");
    await settle();
    assert.deepEqual(page.pending.map((p) => [p.state, p.code]), [["refused", "button_expired"]]);
    assert.deepEqual(server.texts, ["Hello", "still there?"]);
    page.discard("id-1");
    assert.deepEqual(page.pending, []);
  });

  test("is kept when the page is left, and sent when the customer is back", async () => {
    const page = await anOpenPage();
    server.mishaps = ["unreachable"];
    page.press("cancel", "Cancel now");
    await settle();
    page.stop();
    await aPage().resume();
    await settle();
    assert.deepEqual(server.texts, ["Hello", "cancel"]);
    assert.deepEqual(server.posts(), ["id-1", "id-1"]);
  });

  test("is sent with a new token when the old one ran out", async () => {
    const page = await anOpenPage();
    server.mishaps = [{ status: 401, code: "identity_refused" }];
    page.say("hello?");
    await pass(1_000);
    assert.deepEqual(server.texts, ["Hello", "hello?"]);
    assert.deepEqual(page.pending, []);
  });

  test("shows that an answer is under way, but not for ever on our word alone", async () => {
    const page = await anOpenPage();
    page.say("hello?");
    await settle();
    assert.equal(page.working, true);
    await pass(8_100);
    assert.equal(page.working, false);
  });

  test("hides the quick replies the moment one is pressed", async () => {
    const page = await anOpenPage();
    server.say("Keep it?", { buttons: [{ id: "b", title: "Yes" }] });
    assert.equal(page.openButtons?.buttons.length, 1);
    page.press("b", "Yes");
    assert.equal(page.openButtons, null);
    await settle();
    assert.equal(page.openButtons, null);
  });
});

describe("following", () => {
  test("replays what was said while the line was down", async () => {
    const page = await anOpenPage();
    server.sockets[0]!.drop(1006);
    server.say("while you were away");
    await pass(600);
    assert.deepEqual(textsOf(page), ["Hello", "while you were away"]);
    assert.deepEqual(server.sockets[1]?.sent, [{ token: "t-1", after: 1 }]);
  });

  test("says that it reconnects only when that takes longer than a blink", async () => {
    const page = await anOpenPage();
    server.socketsWork = false;
    server.sockets[0]!.drop(1006);
    await pass(1_400);
    assert.equal(page.reconnecting, false);
    await pass(200);
    assert.equal(page.reconnecting, true);
    server.socketsWork = true;
    await pass(10_000);
    assert.equal(page.reconnecting, false);
  });

  test("waits longer and longer between tries, and is back within ten seconds of the gateway", async () => {
    const page = await anOpenPage();
    server.socketsWork = false;
    server.sockets[0]!.drop(1006);
    await pass(60_000);
    assert.ok(server.sockets.length <= 12, `${server.sockets.length} tries in a minute`);
    assert.equal(page.phase, "open");
    assert.equal(page.reconnecting, true);
    server.socketsWork = true;
    await pass(10_000);
    assert.equal(page.reconnecting, false);
  });

  test("falls back to the long poll where no socket ever gets through", async () => {
    server.socketsWork = false;
    const page = await anOpenPage();
    await pass(3_000);
    server.say("by long poll");
    await pass(500);
    assert.deepEqual(textsOf(page), ["Hello", "by long poll"]);
    assert.ok(server.requests.some(({ url }) => url.includes("/updates?after=1")));
    assert.equal(page.reconnecting, false);
  });

  test("asks for a new token when the feed refuses the old one", async () => {
    const page = await anOpenPage();
    server.sockets[0]!.drop(4401);
    await pass(1_000);
    assert.equal(server.requests.filter((r) => r.url.endsWith("/conversations")).length, 2);
    assert.equal(page.phase, "open");
  });

  test("notices a feed that is dead without knowing, and begins it anew", async () => {
    const page = await anOpenPage();
    server.sockets[0]!.isLive = false; // A laptop slept: no close is ever heard.
    page.say("anybody?");
    server.say("yes");
    await pass(4_500);
    assert.deepEqual(textsOf(page).sort(), ["Hello", "anybody?", "yes"]);
  });

  test("steps over frames it does not understand", async () => {
    const page = await anOpenPage();
    for (const frame of ["{", "null", '"x"', '{"type":"later"}', '{"type":"message"}', '{"type":"state"}']) {
      assert.doesNotThrow(() => server.sockets[0]!.hear(frame), frame);
    }
    server.say("fine");
    assert.deepEqual(textsOf(page), ["Hello", "fine"]);
  });

  test("shows that a person writes until they have, or have not for a while", async () => {
    const page = await anOpenPage();
    const socket = server.sockets[0]!;
    socket.hear({ type: "typing", name: "Sofia" });
    assert.deepEqual(page.typing, { name: "Sofia" });
    await pass(5_000);
    socket.hear({ type: "typing", name: "Sofia" });
    await pass(5_000);
    assert.deepEqual(page.typing, { name: "Sofia" }, "it was renewed");
    await pass(1_500);
    assert.equal(page.typing, null);
    socket.hear({ type: "typing", name: { not: "a name" } });
    assert.deepEqual(page.typing, { name: null });
    server.say("Here I am.", { from: "agent", sender_name: "Sofia" });
    assert.equal(page.typing, null);
  });

  test("names the agent who holds it now, also before they have written", async () => {
    const page = await anOpenPage();
    server.stand(true, "agent");
    server.say("I am Sofia.", { from: "agent", sender_name: "Sofia" });
    assert.equal(page.agentName, "Sofia");
    server.sockets[0]!.hear({ type: "state", ...server.standing, agent_name: "Ben" });
    assert.equal(page.agentName, "Ben");
    server.stand(true, "assistant");
    assert.equal(page.agentName, null);
  });

  test("does not go on showing that a person writes when they hand over or the line is lost", async () => {
    const page = await anOpenPage();
    server.stand(true, "agent");
    for (const end of [() => server.stand(true, "assistant"), () => server.sockets[0]!.drop(1006)]) {
      server.sockets[0]!.hear({ type: "typing", name: "Sofia" });
      assert.notEqual(page.typing, null);
      end();
      assert.equal(page.typing, null);
    }
  });

  test("tells who holds the conversation, and the agent's name", async () => {
    const page = await anOpenPage();
    server.stand(true, "queue");
    assert.equal(page.holder, "queue");
    server.stand(true, "agent");
    server.say("Hi, I am here", { from: "agent", sender_name: "Sofia" });
    assert.equal(page.agentName, "Sofia");
  });
});

describe("two pages of one browser", () => {
  test("show the same messages, and count as read what either has shown", async () => {
    const [one, two] = [await anOpenPage(), await anOpenPage()];
    one.say("from the first page");
    await settle();
    assert.deepEqual(textsOf(two), textsOf(one));
    assert.equal(two.unread, 1);
    one.markRead();
    assert.equal(two.unread, 0);
  });

  test("send what is unsent once", async () => {
    const [one, two] = [await anOpenPage(), await anOpenPage()];
    server.mishaps = ["unreachable"];
    one.press("cancel", "Cancel now");
    await settle();
    assert.deepEqual(two.pending.map((p) => p.shown), ["Cancel now"]);
    two.retry();
    await pass(1_000);
    assert.deepEqual(server.texts, ["Hello", "cancel"]);
    assert.deepEqual([one.pending, two.pending], [[], []]);
  });

  test("begin anew together", async () => {
    const [one, two] = [await anOpenPage(), await anOpenPage()];
    server.conversation = "c-2";
    server.messages = [];
    server.say("A fresh start");
    await one.startOver();
    await pass(2_500);
    assert.deepEqual([one.id, two.id], ["c-2", "c-2"]);
    assert.deepEqual(textsOf(two), ["A fresh start"]);
  });
});

describe("starting over", () => {
  test("closes the old conversation and asks for a new one", async () => {
    const page = await anOpenPage();
    await page.startOver();
    await settle();
    assert.ok(server.requests.some(({ url }) => url.endsWith("/c-1/close")));
    assert.deepEqual(server.requests.at(-1)?.body, { resume: false });
  });

  test("does not drop a cancellation that was on its way", async () => {
    const page = await anOpenPage();
    server.mishaps = ["unreachable"];
    page.press("cancel", "Cancel now");
    await settle();
    await page.startOver();
    await pass(1_000);
    assert.deepEqual(server.texts, ["Hello", "cancel"]);
  });
});

test("however the line breaks, the page ends with exactly the server's transcript", async () => {
  // A small generator with a seed, so that a failure can be repeated.
  for (let seed = 1; seed <= 25; seed += 1) {
    server = new FakeServer();
    browser = new FakeBrowser(server);
    const page = await anOpenPage();
    let state = seed;
    const draw = (sides: number): number => (state = (state * 48271) % 2147483647) % sides;
    for (let step = 0; step < 30; step += 1) {
      const what = draw(6);
      if (what === 0) page.say(`customer ${step}`);
      if (what === 1) server.say(`assistant ${step}`);
      if (what === 2) server.sockets.at(-1)?.drop(1006);
      if (what === 3) server.mishaps.push(draw(2) ? "lost" : "unreachable");
      if (what === 4) server.sockets.at(-1)?.push(server.messages[draw(server.messages.length)]!);
      if (what === 5) await pass(200);
    }
    server.mishaps = [];
    await pass(40_000);
    assert.deepEqual(page.messages, server.messages, `seed ${seed}`);
    assert.deepEqual(page.pending, [], `seed ${seed}`);
    page.stop();
  }
});
