// Who decides, remembered in this browser: a server without accounts knows no names of its own.
const key = 'cairn.author';

export function rememberedAuthor(): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

export function rememberAuthor(name: string): void {
  try {
    localStorage.setItem(key, name);
  } catch {
    // A browser that keeps nothing asks again.
  }
}
