/** What fits the letters typed, best first: that begins so, in which a word begins so, that holds it, that has the letters in order. */
export function rank<T>(items: readonly T[], q: string, nameOf: (item: T) => string): T[] {
  if (q === '') return [...items];
  const wanted = q.toLowerCase();
  return items.map((item) => ({ item, score: score(nameOf(item).toLowerCase(), wanted) })).filter(({ score }) => score !== null)
    .sort((a, b) => a.score! - b.score!).map(({ item }) => item);
}

function score(name: string, wanted: string): number | null {
  const at = name.indexOf(wanted);
  if (at === 0) return 0;
  if (at > 0) return /[\s_\-./:]/.test(name[at - 1]!) ? 1 : 2;
  let from = 0;
  for (const letter of wanted) {
    from = name.indexOf(letter, from) + 1;
    if (from === 0) return null;
  }
  return 3 + (from - wanted.length) / 1000;
}
