import { expect, test } from 'vitest';
import { conditionOffers, metricTerm, takeOffer } from './conditionOffers';

const metrics = ['mae', 'val/mae'];
const labels = (text: string, alias = 'prod') => conditionOffers(text, text.length, metrics, alias).offers.map(({ label }) => label);

test('metrics come first, of both versions, and names that are no words in quotes', () => {
  expect(labels('')).toEqual(['metrics.mae', 'prod.metrics.mae', "metrics['val/mae']", "prod.metrics['val/mae']"]);
  expect(metricTerm("it's", 'prod')).toBe(`prod.metrics["it's"]`);
  expect(labels('', 'two words')).toEqual(['metrics.mae', "metrics['val/mae']"]);
});

test('what is being typed narrows the metrics', () => {
  expect(labels('prod')).toEqual(['prod.metrics.mae', "prod.metrics['val/mae']"]);
  expect(labels('metrics.mae < prod.metrics.m')).toEqual(['prod.metrics.mae']);
  expect(labels("metrics['va")).toEqual(["metrics['val/mae']", "prod.metrics['val/mae']"]);
});

test('after a metric come comparisons, after a comparison what joins, then metrics again', () => {
  expect(labels('metrics.mae ')).toEqual(['<', '<=', '>', '>=']);
  expect(labels('metrics.mae < 3 ')).toEqual(['&&', '||']);
  expect(labels('(metrics.mae < 3) ')).toEqual(['&&', '||']);
  expect(labels('metrics.mae < 3 && ')).toHaveLength(4);
  expect(labels('metrics.mae + ')).toHaveLength(4);
  expect(labels('metrics.mae < 3 and metrics.mae ')).toEqual(['<', '<=', '>', '>=']);
});

test('an offer takes the place of the word at the cursor', () => {
  const text = 'metrics.m < 3';
  const offers = conditionOffers(text, 9, metrics, 'prod');
  expect(takeOffer(text, offers, 'metrics.mae')).toEqual({ text: 'metrics.mae < 3', caret: 12 });
  const end = conditionOffers('met', 3, metrics, 'prod');
  expect(takeOffer('met', end, 'metrics.mae')).toEqual({ text: 'metrics.mae ', caret: 12 });
});
