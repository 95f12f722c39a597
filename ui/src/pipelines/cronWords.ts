// The usual schedules in words; others stay as they are written.

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const shortDays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** "0 3 * * * (Europe/Berlin)" → "every day at 03:00 (Europe/Berlin)"; null where the words are not known. */
export function cronWords(condition: string): string | null {
  const match = /^([^()]+?)\s*(\([^()]*\))?$/.exec(condition.trim());
  const fields = match?.[1]!.split(/\s+/) ?? [];
  const [minute, hour, day, month, weekday] = fields.length === 6 && fields[0] === '0' ? fields.slice(1) : fields.length === 5 ? fields : [];
  if (minute === undefined || hour === undefined || day === undefined || month !== '*' || weekday === undefined) return null;
  const words = when(minute, hour, day, weekday);
  return words && `${words}${match![2] ? ` ${match![2]}` : ''}`;
}

function when(minute: string, hour: string, day: string, weekday: string): string | null {
  const everyDay = day === '*' && (weekday === '*' || weekday === '?');
  const [m, h] = [number(minute, 59), number(hour, 23)];
  if (everyDay && hour === '*') {
    if (minute === '*' || minute === '*/1') return 'every minute';
    const step = /^\*\/(\d+)$/.exec(minute);
    if (step && 60 % Number(step[1]) === 0) return `every ${step[1]} minutes`;
    if (m === 0) return 'every hour';
    return m === null ? null : `every hour, ${m} min past`;
  }
  const hours = /^\*\/(\d+)$/.exec(hour);
  if (everyDay && m === 0 && hours && 24 % Number(hours[1]) === 0) return `every ${hours[1]} hours`;
  if (m === null || h === null) return null;
  const at = `at ${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`;
  if (everyDay) return `every day ${at}`;
  if (day === '*') {
    const named = weekdays(weekday);
    return named && `every ${named} ${at}`;
  }
  const date = number(day, 31);
  return date !== null && date > 0 && (weekday === '*' || weekday === '?') ? `on day ${date} of every month ${at}` : null;
}

function weekdays(text: string): string | null {
  const one = (word: string): string | null => {
    const named = shortDays.indexOf(word.toUpperCase());
    const index = named >= 0 ? named : number(word, 7);
    return index === null ? null : days[index]!;
  };
  const range = /^(\w+)-(\w+)$/.exec(text);
  const all = (range ? [range[1]!, range[2]!] : text.split(',')).map(one);
  if (all.some((name) => name === null)) return null;
  if (range) return `day from ${all[0]} to ${all[1]}`;
  return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

const number = (text: string, most: number): number | null => (/^\d{1,2}$/.test(text) && Number(text) <= most ? Number(text) : null);
