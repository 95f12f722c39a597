import { expect, test } from 'vitest';
import { cronWords } from './cronWords';

test('usual schedules are told in words, with their zone', () => {
  expect(cronWords('0 3 * * * (Europe/Berlin)')).toBe('every day at 03:00 (Europe/Berlin)');
  expect(cronWords('0 0 3 * * *')).toBe('every day at 03:00');
  expect(cronWords('*/15 * * * *')).toBe('every 15 minutes');
  expect(cronWords('5 * * * *')).toBe('every hour, 5 min past');
  expect(cronWords('0 */6 * * *')).toBe('every 6 hours');
  expect(cronWords('30 7 * * 1-5')).toBe('every day from Monday to Friday at 07:30');
  expect(cronWords('30 7 * * mon,THU')).toBe('every Monday and Thursday at 07:30');
  expect(cronWords('0 4 1 * *')).toBe('on day 1 of every month at 04:00');
});

test('what is not known stays as it is', () => {
  for (const text of ['0 3 L * *', '0 3 * 2 *', '*/7 * * * *', '61 3 * * *', '30 0 3 * * *', 'raw_data.csv', '0 3 * * 1#2', '']) expect(cronWords(text)).toBe(null);
});
