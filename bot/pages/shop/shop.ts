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

function start(): void {
  document.querySelectorAll("[data-help]").forEach((button) =>
    button.addEventListener("click", () => void window.saveDesk?.open()));
  select.addEventListener("change", () => mount(become(select.value)));
  // Placed at once: who opens help early waits a moment to be known, and is no visitor meanwhile.
  const first = offerCustomers().then(become);
  mount(async () => (await first)());
}

/** Fill the bar with who one can be; the account to begin with, "" for a visitor. */
async function offerCustomers(): Promise<string> {
  customers = await customersToBe();
  // A real shop has no such list: then everybody is who they are, and the bar is not shown.
  demo.hidden = customers.length === 0;
  select.append(...customers.map(({ account, name, line: about }) =>
    new Option(`${name} (${account}): ${about}`, account)));
  select.value = startingWith();
  return select.value;
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

/** Be this customer, or with "" nobody: where their identity comes from. */
function become(account: string): IdentitySource {
  choice += 1;
  localStorage.setItem(CHOSEN, account);
  const customer = customers.find((each) => each.account === account);
  const signed = customer ? identityOf(account) : Promise.resolve(null);
  void tell(customer, signed, choice);
  return customer ? sourceOf(account, signed) : () => signed;
}

async function tell(customer: Customer | undefined, signed: Promise<string | null>, mine: number): Promise<void> {
  const identity = await signed;
  if (mine !== choice) return; // Somebody else was chosen meanwhile.
  who.textContent = customer && identity ? `Signed in as ${customer.name}` : "Not signed in";
  line.textContent = said(customer, identity);
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
function sourceOf(account: string, signed: Promise<string | null>): IdentitySource {
  let unused: Promise<string | null> | null = signed;
  return () => {
    const identity = unused ?? identityOf(account);
    unused = null;
    return identity;
  };
}

/** A new element for a new customer, so that nothing of the earlier one stays on the page. */
function mount(identitySource: IdentitySource): void {
  const earlier = document.querySelector("save-desk");
  const desk = document.createElement("save-desk") as HTMLElement & { identitySource: IdentitySource };
  desk.setAttribute("company", "Larder");
  desk.identitySource = identitySource;
  if (earlier?.hasAttribute("open")) desk.setAttribute("open", "");
  earlier?.remove();
  document.body.append(desk);
}

start();

export {};
