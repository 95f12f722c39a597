// Times as people read them. The exact time is always given beside the relative one.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** "now", "12 s ago", "5 min ago", "3 h ago", "6 days ago", then the date. */
export function relativeTime(at: number, now: number): string {
  const ago = now - at;
  if (ago < -minute) return exactTime(at);
  if (ago < 5 * second) return 'now';
  if (ago < minute) return `${Math.floor(ago / second)} s ago`;
  if (ago < hour) return `${Math.floor(ago / minute)} min ago`;
  if (ago < day) return `${Math.floor(ago / hour)} h ago`;
  if (ago < 2 * day) return 'yesterday';
  if (ago < 14 * day) return `${Math.floor(ago / day)} days ago`;
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return sameYear ? `${date.getDate()} ${months[date.getMonth()]}` : `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Local time to the second with the zone's offset: "2026-03-01 14:05:09 +01:00". */
export function exactTime(at: number): string {
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(at)} ${zone}`;
}

/** Local time of day to the second: "14:05:09". */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** "340 ms", "4.2 s", "1 min 5 s", "2 h 3 min", "1 d 4 h". */
export function duration(ms: number): string {
  if (ms < 0) return '0 s';
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return pair(ms, minute, 'min', second, 's');
  if (ms < day) return pair(ms, hour, 'h', minute, 'min');
  return pair(ms, day, 'd', hour, 'h');
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  const head = `${Math.floor(ms / big)} ${bigName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
