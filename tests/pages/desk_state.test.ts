/** What the desk shows follows from the frames of its feed. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { due, span } from "../../bot/pages/desk/figures.ts";
import type { Agent, Case, Frame, Myself, Snapshot } from "../../bot/pages/desk/shapes.ts";
import { applied, calling, type DeskState, listsOf } from "../../bot/pages/desk/state.ts";

const KIM: Agent = { id: "p-1", name: "Kim", team: "retention", skills: [], status: "here", holding: 0, capacity: 2 };
const ME: Myself = { ...KIM, leads: false };
const ADA: Agent = { ...KIM, id: "p-2", name: "Ada" };

function aCase(conversation: string, changes: Partial<Case> = {}): Case {
  return {
    conversation, holder: "queue", version: 2, agent: null, account: "A-1001", customer_name: "Maya",
    reason: "requested", cancellation_reason: null, wants: "person", skill: "general", value_minor: null, currency: null,
    team: null, for_agent: null, came_back: false, waiting_since: "2026-11-23T09:30:00.000Z", held_since: null,
    last_message: null, unread: 0, unanswered_since: null, due_at: null, customer_left: false, call_back: null, viewers: [], ...changes,
  };
}

function after(frames: readonly Frame[], cases: readonly Case[] = [], me = ME): DeskState {
  const settings = { assignment: "manual", beat_seconds: 15, away_seconds: 60, first_reply_seconds: 60, reply_seconds: 180 };
  const state: Snapshot = { me, cases, agents: [KIM], settings };
  const begun = applied(null, { type: "state", state });
  return frames.reduce<DeskState | null>(applied, begun)!;
}

const namesOf = (cases: readonly Case[]): string[] => cases.map(({ conversation }) => conversation);

describe("the list", () => {
  test("begins with who comes back, then goes by how long they wait", () => {
    const state = after([
      { type: "case", case: aCase("late", { waiting_since: "2026-11-23T09:40:00.000Z" }) },
      { type: "case", case: aCase("back", { came_back: true, waiting_since: "2026-11-23T09:50:00.000Z" }) },
      { type: "case", case: aCase("early") },
    ]);
    assert.deepEqual(namesOf(state.cases), ["back", "early", "late"]);
  });

  test("has each conversation once, as it was told last", () => {
    const state = after([{ type: "case", case: aCase("c", { version: 3, unread: 2 }) }], [aCase("c")]);
    assert.deepEqual(state.cases.map(({ version, unread }) => [version, unread]), [[3, 2]]);
  });

  test("loses what is gone", () => {
    assert.deepEqual(after([{ type: "case_gone", conversation: "c" }], [aCase("c"), aCase("d")]).cases.map((c) => c.conversation), ["d"]);
  });

  test("is parted by who has it", () => {
    const lists = listsOf(after([], [
      aCase("waits"), aCase("mine", { holder: "agent", agent: { id: "p-1", name: "Kim" } }),
      aCase("hers", { holder: "agent", agent: { id: "p-2", name: "Ada" } }), aCase("later", { holder: "ticket" }),
    ]));
    assert.deepEqual(Object.values(lists).map(namesOf), [["mine"], ["waits"], ["hers"], ["later"]]);
  });
});

describe("colleagues", () => {
  test("come and go, by name", () => {
    const both = after([{ type: "agent", agent: ADA }]);
    assert.deepEqual(both.agents.map(({ name }) => name), ["Ada", "Kim"]);
    assert.deepEqual(applied(both, { type: "agent_gone", id: "p-2" })!.agents, [KIM]);
  });
});

const NOW = Date.parse("2026-11-23T12:00:00.000Z");

describe("calling", () => {
  test("are those who were promised a call by now, until somebody takes them", () => {
    const call_back = { phone: "+12125550123", from: "2026-11-23T12:00:00.000Z", until: "2026-11-23T14:00:00.000Z", window: "Monday" };
    const tickets = [
      aCase("due", { holder: "ticket", call_back }), aCase("plain", { holder: "ticket" }),
      aCase("later", { holder: "ticket", call_back: { ...call_back, from: "2026-11-23T12:00:01.000Z" } }),
      aCase("taken", { holder: "agent", agent: { id: "p-2", name: "Ada" }, call_back }),
    ];
    assert.deepEqual(namesOf(calling(after([], tickets), NOW)), ["due"]);
  });

  test("are those who wait for anybody, for me, or for my team", () => {
    const waiting = [
      aCase("all"), aCase("me", { for_agent: "p-1" }), aCase("ada", { for_agent: "p-2" }),
      aCase("us", { team: "retention" }), aCase("them", { team: "billing" }),
    ];
    assert.deepEqual(namesOf(calling(after([], waiting), NOW)).toSorted(), ["all", "me", "us"]);
  });

  for (const [why, me] of [
    ["who is away", { ...ME, status: "away" }], ["whose hands are full", { ...ME, holding: 2 }],
  ] as const) {
    test(`is nobody for one ${why}`, () => {
      assert.deepEqual(calling(after([{ type: "me", me }], [aCase("c")]), NOW), []);
    });
  }
});

test("a frame before the first state, or one not about it, changes nothing", () => {
  assert.equal(applied(null, { type: "case", case: aCase("c") }), null);
  const state = after([]);
  assert.equal(applied(state, { type: "not_found", conversation: "c" }), state);
});

describe("times", () => {
  const now = Date.parse("2026-11-23T12:00:00.000Z");

  for (const [from, said] of [
    ["2026-11-23T12:00:05.000Z", "0 s"], ["2026-11-23T11:59:01.000Z", "59 s"], ["2026-11-23T11:59:00.000Z", "1 min"],
    ["2026-11-23T11:00:00.000Z", "1 h"], ["2026-11-23T10:30:00.000Z", "1 h 30 min"], ["2026-11-22T12:00:00.000Z", "1 day"],
    ["2026-11-20T12:00:00.000Z", "3 days"],
  ] as const) {
    test(`${from} was ${said} ago`, () => assert.equal(span(from, now), said));
  }

  test("an answer is due, then late", () => {
    assert.deepEqual(due("2026-11-23T12:01:30.000Z", now), { isLate: false, text: "due in 1 min" });
    assert.deepEqual(due("2026-11-23T11:59:30.000Z", now), { isLate: true, text: "late by 30 s" });
  });
});
