// Search parameters as plain text: an address stays readable and typeable. Routes give them their types.

export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function writeSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue;
    params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The text, or undefined where there is none. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function wholeNumber(value: unknown): number | undefined {
  if (value === undefined || value === '') return undefined;
  const n = Number(value);
  return Number.isSafeInteger(n) ? n : undefined;
}

export function oneOf<const T extends string>(value: unknown, options: readonly T[]): T | undefined {
  return options.find((option) => option === value);
}

/** A list of ids as one text, and back: commas within an id are encoded. */
export const writeIds = (ids: readonly string[]): string => ids.map((id) => id.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
export const readIds = (text: string | undefined): string[] => (text ?? '').split(',').filter((id) => id !== '').map((id) => id.replaceAll('%2C', ',').replaceAll('%25', '%'));
