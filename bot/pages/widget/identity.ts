/** Where the widget learns which customer the website has signed in. */

/**
 * The signed identity: the attribute's, or fetched from the website; null for a visitor.
 *
 * `url` answers `{"identity": JWT}`, or 204 or 401 when nobody is signed in. Asked each time,
 * because an identity is good for minutes only.
 */
export async function identityFrom(attribute: string | null, url: string | null): Promise<string | null> {
  if (attribute) return attribute;
  if (!url) return null;
  const response = await fetch(url, { credentials: "same-origin", cache: "no-store" });
  if (!response.ok || response.status === 204) return null;
  const { identity } = (await response.json()) as { identity?: string | null };
  return identity || null;
}
