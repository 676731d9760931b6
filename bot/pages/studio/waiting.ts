/** Says that the desk is at work while a page, or a piece of one, takes longer than a moment.

  What a page asks for by itself every few seconds is not told of. */

const A_MOMENT_MS = 400;
let soon = 0;

export function tellOfWaiting(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (link && leavesThePage(link, event)) begins();
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) begins();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!asksByItself(event.target as Element)) begins();
  });
  document.addEventListener("htmx:afterRequest", ends);
  // Back in a page that the browser kept.
  addEventListener("pageshow", ends);
}

function leavesThePage(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented;
  const same = link.href.split("#")[0] === location.href.split("#")[0] && link.hash !== "";
  return !elsewhere && !same && link.target === "" && !link.hasAttribute("download") && link.protocol.startsWith("http");
}

function asksByItself(element: Element): boolean {
  return (element.getAttribute("hx-trigger") ?? "").includes("every");
}

function begins(): void {
  clearTimeout(soon);
  soon = setTimeout(() => says("Working on it …"), A_MOMENT_MS);
}

function ends(): void {
  clearTimeout(soon);
  says("");
}

function says(words: string): void {
  const sign = document.getElementById("working");
  if (sign && sign.textContent !== words) sign.textContent = words;
}
