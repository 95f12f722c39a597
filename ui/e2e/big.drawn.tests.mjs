// Charts never lie: of 10 million points the extremes of any window are among those that are drawn.
import assert from 'node:assert/strict';
import { draw, everyPoint, random } from './big.data.mjs';
import { eventually, go, test, world } from './harness.mjs';
import { testMs } from './patience.mjs';

const windows = 10_000;
const drawnWindows = 60;
const count = 10_000_000;
let values;
const truth = async () => (values ??= await everyPoint(world));

function extremes(all, from, to) {
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = from; i <= to; i++) {
    if (all[i] < least) least = all[i];
    if (all[i] > greatest) greatest = all[i];
  }
  return { least, greatest };
}

/** Windows of every size, from a few points to a tenth of all, and now and then all. */
function* some(number, next) {
  for (let i = 0; i < number; i++) {
    const size = i % 500 === 0 ? count : Math.max(3, Math.floor(10 ** (0.5 + 5.5 * next())));
    const from = Math.floor(next() * (count - size));
    yield { from, to: from + size - 1, width: 80 + Math.floor(next() * 400) };
  }
}

test(`in ${windows} windows, what the page's code traces of the server's answers reaches the true extremes, and no further`, async (page) => {
  const all = await truth();
  const { trace, toLine, xExtent, bucketsFor } = world.code;
  const queue = some(windows, random(11));
  let most = 0;
  const work = async () => {
    for (const { from, to, width } of queue) {
      const [series] = await draw(world, { runs: [world.long.id], keys: ['signal'], from, to, buckets: bucketsFor(width), times: false });
      const line = toLine(series, 'step', { id: 'a', label: 'a', color: 'red', startedAt: 0 });
      const told = [];
      // One unit of y is one pixel, so that what was drawn can be read back.
      const pen = { moveTo: (x, y) => told.push(1e5 - y), lineTo: (x, y) => told.push(1e5 - y) };
      trace(pen, line.x, line.y, { left: 0, top: 0, width, height: 2e5, x: xExtent([line]), y: { min: -1e5, max: 1e5 }, logX: false, logY: false });
      const { least, greatest } = extremes(all, from, to);
      assert.equal(series.count, to - from + 1);
      assert.ok(Math.abs(Math.min(...told) - least) < 1e-8 && Math.abs(Math.max(...told) - greatest) < 1e-8, `${from}–${to} at ${width}: ${Math.min(...told)}…${Math.max(...told)}, in truth ${least}…${greatest}`);
      most = Math.max(most, told.length);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  // Four for each column of half a pixel, and what the two edges need.
  assert.ok(most < 2 * 480 * 4 + 100, `${most} strokes for one line`);
  await page.goto(world.base);
}, { timeout: 2 * testMs });

/** Lets the page note what it strokes on canvases, and where it writes the marks of the vertical axis. */
function listen() {
  const { prototype } = CanvasRenderingContext2D;
  const { beginPath, moveTo, lineTo, stroke, fillText, clearRect } = prototype;
  const notes = new WeakMap();
  const of = (context) => notes.get(context.canvas) ?? notes.set(context.canvas, { path: [], strokes: [], texts: [] }).get(context.canvas);
  window.notesOf = (canvas) => notes.get(canvas);
  prototype.clearRect = function (...given) {
    if (notes.has(this.canvas)) Object.assign(of(this), { strokes: [], texts: [] });
    return clearRect.apply(this, given);
  };
  prototype.beginPath = function () {
    of(this).path = [];
    return beginPath.call(this);
  };
  prototype.moveTo = function (x, y) {
    of(this).path.push([x, y]);
    return moveTo.call(this, x, y);
  };
  prototype.lineTo = function (x, y) {
    of(this).path.push([x, y]);
    return lineTo.call(this, x, y);
  };
  prototype.stroke = function (...given) {
    if (given.length === 0 && of(this).path.length > 1) of(this).strokes.push(of(this).path);
    return stroke.apply(this, given);
  };
  prototype.fillText = function (text, x, y, ...rest) {
    const { f } = this.getTransform();
    of(this).texts.push([text, x, y + f]);
    return fillText.call(this, text, x, y, ...rest);
  };
}

/** The least and the greatest value that the canvas of the chart shows, read by the marks of its own axis; ± one pixel. */
const readOff = (chart) => chart.evaluate((section) => {
  const canvas = section.querySelector('canvas');
  const { strokes, texts } = window.notesOf(canvas);
  // The grid comes first, the one line last.
  const line = strokes.at(-1);
  const over = section.querySelector('.u-over').getBoundingClientRect();
  const left = (over.left - canvas.getBoundingClientRect().left) * devicePixelRatio;
  const number = (text) => (/^[−\d.\u202f]+$/.test(text) ? Number(text.replace('−', '-').replaceAll('\u202f', '')) : NaN);
  const marks = texts.filter(([text, x]) => x < left && Number.isFinite(number(text))).map(([text, , y]) => ({ value: number(text), y })).sort((a, b) => a.y - b.y);
  const [high, low] = [marks[0], marks.at(-1)];
  const perPixel = (high.value - low.value) / (high.y - low.y);
  const inside = line.filter(([x]) => x >= left - 0.6 && x <= left + over.width * devicePixelRatio + 0.6);
  const ys = inside.map(([, y]) => y);
  const valueAt = (y) => high.value + (y - high.y) * perPixel;
  return { greatest: valueAt(Math.min(...ys)), least: valueAt(Math.max(...ys)), pixel: Math.abs(perPixel), drawn: line.length };
});

/** Goes there as a click on a link does, without loading the page anew. */
const goWithin = (page, search) => page.evaluate((to) => {
  history.pushState(history.state, '', `${location.pathname}${to}`);
  dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
}, search);

test(`in ${drawnWindows} windows, what is stroked on the page's canvas reaches the true extremes, read by the chart's own axis`, async (page) => {
  const all = await truth();
  await page.addInitScript(listen);
  await go(page, `/runs/${world.long.id}/charts`);
  const chart = page.locator('section[aria-label="signal"]');
  await chart.getByText('10\u202f000\u202f000 points').waitFor();
  for (const { from, to } of some(drawnWindows, random(5))) {
    await goWithin(page, `?from=${from}&to=${to}`);
    await chart.getByText(`${String(to - from + 1).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f')} points in this range`, { exact: true }).waitFor();
    const { least, greatest } = extremes(all, from, to);
    // The words stand a moment before the line is stroked.
    await eventually(async () => {
      const shown = await readOff(chart);
      const near = 1.5 * shown.pixel;
      assert.ok(Math.abs(shown.least - least) <= near && Math.abs(shown.greatest - greatest) <= near, `${from}–${to}: ${JSON.stringify(shown)}, in truth ${least}…${greatest}`);
    }, 15_000);
  }
}, { timeout: 2 * testMs });

test('each spike of one point among ten million is seen on the whole, as pixels, and its value reached by zooming', async (page) => {
  await go(page, `/runs/${world.long.id}/charts`);
  const chart = page.locator('section[aria-label="signal"]');
  await chart.getByText('10\u202f000\u202f000 points').waitFor();
  const isInked = (step, part) => chart.evaluate((section, [at, of]) => {
    const canvas = section.querySelector('canvas');
    const over = section.querySelector('.u-over').getBoundingClientRect();
    const box = canvas.getBoundingClientRect();
    const ratio = devicePixelRatio;
    const x = Math.round((over.left - box.left + (over.width * at) / 1e7) * ratio);
    const y = Math.round((over.top - box.top + over.height * of) * ratio);
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = section.ownerDocument.defaultView.getComputedStyle(document.documentElement).getPropertyValue('--chart-1');
    probe.fillRect(0, 0, 1, 1);
    const ink = probe.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext('2d').getImageData(x - 1, y - 1, 3, 3);
    for (let i = 0; i < data.length; i += 4) if (Math.abs(data[i] - ink[0]) + Math.abs(data[i + 1] - ink[1]) + Math.abs(data[i + 2] - ink[2]) < 120 && data[i + 3] > 100) return true;
    return false;
  }, [step, part]);
  // From −7.5 to 12.25 with the air around them: where each spike's tip is, as a part of the height.
  const [low, high] = [-7.5, 12.25];
  const place = (value) => 1 - (value - (low - 0.06 * (high - low))) / (1.12 * (high - low));
  for (const [step, value] of [[1_234_567, 9.75], [4_999_999, -7.5], [9_876_543, 12.25]]) {
    await eventually(async () => assert.ok(await isInked(step, place(value * 0.98)), `the spike at ${step}`));
    assert.ok(!(await isInked(step + 150_000, place(value * 0.98))), `nothing beside the spike at ${step}`);
  }
  for (const [step, value] of [[1_234_567, '9.75'], [4_999_999, '−7.5'], [9_876_543, '12.25']]) {
    await goWithin(page, `?from=${step - 8}&to=${step}`);
    await chart.getByText('9 points in this range').waitFor();
    await chart.locator('strong').filter({ hasText: value }).waitFor();
  }
}, { expect: [/Multiple readback operations/] });
