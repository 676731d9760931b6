/** What the desk shows, kept by applying the frames of the live feed; pure. */

import type { Agent, Case, Frame, Myself, Settings, Snapshot } from "./shapes.ts";

export interface DeskState {
  readonly me: Myself;
  readonly cases: readonly Case[];
  readonly agents: readonly Agent[];
  readonly settings: Settings;
}

/** Cases as they stand in the list: one's own, waiting, with colleagues, left as tickets. */
export interface Lists {
  readonly mine: readonly Case[];
  readonly waiting: readonly Case[];
  readonly others: readonly Case[];
  readonly tickets: readonly Case[];
}

/** The state after a frame; frames that are not about the state change nothing. */
export function applied(state: DeskState | null, frame: Frame): DeskState | null {
  if (frame.type === "state") return fromSnapshot(frame.state);
  if (state === null) return null;
  switch (frame.type) {
    case "case":
      return { ...state, cases: inOrder([...without(state.cases, frame.case.conversation), frame.case]) };
    case "case_gone":
      return { ...state, cases: without(state.cases, frame.conversation) };
    case "agent":
      return { ...state, agents: byName([...state.agents.filter(({ id }) => id !== frame.agent.id), frame.agent]) };
    case "agent_gone":
      return { ...state, agents: state.agents.filter(({ id }) => id !== frame.id) };
    case "me":
      return { ...state, me: frame.me };
    case "settings":
      return { ...state, settings: frame.settings };
    default:
      return state;
  }
}

export function fromSnapshot({ me, cases, agents, settings }: Snapshot): DeskState {
  return { me, cases: inOrder(cases), agents: byName(agents), settings };
}

export function listsOf({ me, cases }: DeskState): Lists {
  const held = cases.filter(({ holder }) => holder === "agent");
  return {
    mine: held.filter(({ agent }) => agent?.id === me.id),
    waiting: cases.filter(({ holder }) => holder === "queue"),
    others: held.filter(({ agent }) => agent?.id !== me.id),
    tickets: cases.filter(({ holder }) => holder === "ticket"),
  };
}

/** Those that wait, or are to be called by now, and that this agent could take: what is worth a sound. */
export function calling(state: DeskState, now: number): readonly Case[] {
  const { me } = state;
  if (me.status !== "here" || me.holding >= me.capacity) return [];
  const { waiting, tickets } = listsOf(state);
  return [...waiting, ...tickets.filter((one) => isToBeCalled(one, now))].filter((one) =>
    (one.for_agent === null || one.for_agent === me.id) && (one.team === null || one.team === me.team));
}

/** A call was promised for this time, and nobody has taken it. */
export function isToBeCalled({ holder, call_back }: Case, now: number): boolean {
  return holder === "ticket" && call_back !== null && Date.parse(call_back.from) <= now;
}

function without(cases: readonly Case[], conversation: string): readonly Case[] {
  return cases.filter((one) => one.conversation !== conversation);
}

/** Those that come back first, then the longest waiting. */
function inOrder(cases: readonly Case[]): readonly Case[] {
  return [...cases].sort((a, b) =>
    Number(b.came_back) - Number(a.came_back)
    || compare(a.waiting_since, b.waiting_since)
    || compare(a.conversation, b.conversation));
}

function byName(agents: readonly Agent[]): readonly Agent[] {
  return [...agents].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
}

/** By code point, as the gateway sorts: an order of a language would differ from machine to machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
