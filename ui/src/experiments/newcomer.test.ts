import { expect, test } from 'vitest';
import { newcomerCommands, shellWord } from './newcomer';

test('a plain word stays as it is, any other is quoted so that a shell takes it literally', () => {
  expect(shellWord('nyc_airbnb-2')).toBe('nyc_airbnb-2');
  expect(shellWord('two words')).toBe("'two words'");
  expect(shellWord("it's $(here)")).toBe(`'it'\\''s $(here)'`);
  expect(shellWord('')).toBe("''");
});

test('the commands name the server and the experiment', () => {
  expect(newcomerCommands('http://host:5080', 'my tests').join('\n')).toContain("--experiment 'my tests'");
});
