// The browser of the end-to-end tests: Debian's Chromium, or the one that CHROMIUM names.
import { chromium } from 'playwright-core';
import { startMs } from './patience.mjs';

/** On a machine that does much else a browser now and then dies while it starts: that is not about the pages. */
export async function launch() {
  for (let left = 2; ; left--) {
    try {
      return await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        timeout: startMs,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
      });
    } catch (error) {
      if (left === 0) throw error;
      console.log(`The browser did not start: ${error.message.split('\n')[0]}. Once more.`);
    }
  }
}

/**
 * A page that keeps everything it complained about, and what any window that it opens complains about: errors, policy
 * violations, answers that tell of a fault of the server, foreign requests, and pages that came without the policy.
 */
export async function openPage(browser, base, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints = [];
  // The network of the machine changed while the page was under way (a container started, say): that is not about the page.
  let moved = false;
  const isMoved = (text) => /ERR_NETWORK_CHANGED/.test(text) && (moved = true);
  context.on('console', (message) => {
    if (isMoved(message.text())) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`);
  });
  context.on('weberror', (one) => complaints.push(`uncaught: ${one.error().stack ?? one.error().message}`));
  context.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('blob:')) complaints.push(`foreign request: ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`answer ${response.status()}: ${response.url()}`);
    const { 'content-type': type = '', 'content-security-policy': policy = '' } = response.headers();
    if (type.startsWith('text/html') && !/default-src 'self'|sandbox/.test(policy)) complaints.push(`without a policy: ${response.url()}`);
  });
  // Violations that the browser does not write to the console, as those of report-only rules, are told as well.
  await context.exposeBinding('tellViolation', (_, violation) => complaints.push(`Content Security Policy: ${violation}`));
  await context.addInitScript(() => addEventListener('securitypolicyviolation', (event) => window.tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`)));
  const page = await context.newPage();
  const slowdown = Number(process.env.CAIRN_UI_SLOWDOWN ?? 1);
  if (slowdown > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  context.on('requestfailed', (request) => isMoved(request.failure()?.errorText ?? ''));
  return { page, complaints, hasMoved: () => moved, close: () => context.close() };
}
