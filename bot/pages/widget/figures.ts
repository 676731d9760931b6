/** Money, dates and times as the customer's language writes them. */

const ONLY_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** English writes "5 December 2026", 14:05, as the assistant's own words do: no order to guess. */
function dates(language: string): string {
  return language === "en" ? "en-GB" : language;
}

/** An exact amount; `minor` counts the currency's smallest unit. */
export function money(minor: number, currency: string, language: string): string {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}

/** A date in words. A bare date is a day of the calendar and must not shift with the time zone. */
export function day(iso: string, language: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const zone = ONLY_DATE.test(iso) ? { timeZone: "UTC" } : {};
  return new Intl.DateTimeFormat(dates(language), { dateStyle: "long", ...zone }).format(date);
}

/** The time of day of an instant, in the customer's time zone; empty if it is not one. */
export function clock(iso: string, language: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(dates(language), { hour: "2-digit", minute: "2-digit" }).format(date);
}

/** An instant as date and time of day, in the customer's time zone, which is named; empty if it is not one. */
export function instant(iso: string, language: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const time = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
  return `${day(iso, language)}, ${new Intl.DateTimeFormat(dates(language), time).format(date)}`;
}
