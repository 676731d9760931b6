/** The demo shop's own script: who the customer is, and what opens help. */

interface Customer {
  readonly account: string;
  readonly name: string;
  readonly line: string;
}

type IdentitySource = () => Promise<string | null>;

const CHOSEN = "larder:customer";

const demo = document.querySelector<HTMLElement>("#demo")!;
const select = document.querySelector<HTMLSelectElement>("#customer")!;
const line = document.querySelector<HTMLElement>("#customer-line")!;
const who = document.querySelector<HTMLElement>("#who")!;

let customers: readonly Customer[] = [];
let choice = 0;

async function start(): Promise<void> {
  document.querySelectorAll("[data-help]").forEach((button) =>
    button.addEventListener("click", () => void window.saveDesk?.open()));
  customers = await customersToBe();
  // A real shop has no such list: then everybody is who they are, and the bar is not shown.
  demo.hidden = customers.length === 0;
  select.append(...customers.map(({ account, name, line: about }) =>
    new Option(`${name} (${account}): ${about}`, account)));
  select.value = startingWith();
  select.addEventListener("change", () => void become(select.value));
  await become(select.value);
}

async function customersToBe(): Promise<readonly Customer[]> {
  const response = await fetch("/api/demo/customers").catch(() => null);
  return response?.ok ? ((await response.json()) as Customer[]) : [];
}

/** The customer named in the address, else the one chosen last time, else nobody. */
function startingWith(): string {
  const wanted = new URLSearchParams(location.search).get("customer") ?? localStorage.getItem(CHOSEN) ?? "";
  return customers.some(({ account }) => account === wanted) ? wanted : "";
}

async function become(account: string): Promise<void> {
  choice += 1;
  const mine = choice;
  localStorage.setItem(CHOSEN, account);
  const customer = customers.find((each) => each.account === account);
  const identity = customer ? await identityOf(account) : null;
  if (mine !== choice) return; // Somebody else was chosen meanwhile.
  who.textContent = customer && identity ? `Signed in as ${customer.name}` : "Not signed in";
  line.textContent = said(customer, identity);
  mount(customer && identity ? sourceOf(account, identity) : null);
}

function said(customer: Customer | undefined, identity: string | null): string {
  if (!customer) return customers.length > 0 ? "Help will ask for an e-mail when it needs to know you." : "";
  return identity ? `Help now knows you as ${customer.name}.` : "Signing in did not work. You are a visitor for now.";
}

async function identityOf(account: string): Promise<string | null> {
  const response = await fetch("/api/demo/identity", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ account }),
  }).catch(() => null);
  return response?.ok ? ((await response.json()) as { identity: string }).identity : null;
}

/** The identity just signed, and a fresh one whenever the widget asks again: it lasts minutes. */
function sourceOf(account: string, signed: string): IdentitySource {
  let unused: string | null = signed;
  return async () => {
    const identity = unused ?? (await identityOf(account));
    unused = null;
    return identity;
  };
}

/** A new element for a new customer, so that nothing of the earlier one stays on the page. */
function mount(identitySource: IdentitySource | null): void {
  const earlier = document.querySelector("save-desk");
  const desk = document.createElement("save-desk") as HTMLElement & { identitySource: IdentitySource | null };
  desk.setAttribute("company", "Larder");
  desk.identitySource = identitySource;
  if (earlier?.hasAttribute("open")) desk.setAttribute("open", "");
  earlier?.remove();
  document.body.append(desk);
}

void start();

export {};
