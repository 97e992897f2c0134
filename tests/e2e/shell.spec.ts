import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import type { NodeConfig } from '#lib/app/protocol.ts';
import { pamsPictures } from '../../network/pictures/memes.ts';
import { startStaticServer, type StaticServer } from '../../network/static-server.ts';
import { chromiumLaunch } from '../chromium.ts';
import { expect, test } from './fixtures.ts';

const id = 'a'.repeat(64);
/** Every place of the app, with the heading it opens with. */
const places = [
	['/', 'A marketplace made of the people in it'],
	['/gigs', 'Gigs'],
	['/gigs/mine', 'Gigs'],
	['/gigs/new', 'Post a job'],
	[`/gigs/${id}`, 'This job is not on this device'],
	[`/gigs/${id}/${'1'.repeat(32)}`, 'This offer is not on this device'],
	['/work', 'Gigs'],
	[`/work/${id}`, 'This job is not known here'],
	['/memes', 'Memes'],
	['/activity', 'Activity'],
	['/wallet', 'Wallet'],
	['/network', 'Network'],
	['/invite', 'Invite by hand'],
	['/me', 'Me'],
	['/no/such/place', 'There is nothing at this address'],
] as const;

/** SvelteKit logs an address without a page. */
const notFound = /Not found: \/no\/such\/place/;

const config: NodeConfig = { network: 'shell', relays: [], iceServers: [], parameters: {} };

async function serve(root: string, port = 0): Promise<StaticServer> {
	const server = await startStaticServer({ root, port, config });
	if (!server.ok) throw new Error(server.error.detail);
	return server.value;
}

/** Opens the page and waits until its service worker keeps everything and is in charge. */
async function openInstalled(context: BrowserContext, url: string): Promise<Page> {
	const page = await context.newPage();
	await page.goto(url);
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	return page;
}

test('no place breaks the content security policy or asks another server', async ({ tab, baseURL }) => {
	const { page, context, requests } = await tab({ provoked: notFound });
	const violations: string[] = [];
	await context.exposeFunction('reportViolation', (what: string) => violations.push(what));
	await context.addInitScript(() => {
		addEventListener('securitypolicyviolation', (event) => {
			const { reportViolation } = globalThis as unknown as { reportViolation: (what: string) => void };
			reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
		});
	});
	for (const [path, heading] of places) {
		await page.goto(path);
		await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible();
		// Moving on inside the page makes SvelteKit announce the new place.
		await page.getByRole('link', { name: 'Activity', exact: true }).click();
		await expect(page).toHaveTitle(/^Activity/);
	}
	expect(violations).toEqual([]);
	expect(requests.filter((url) => !url.startsWith(`${baseURL ?? ''}/`))).toEqual([]);
});

for (const [name, viewport, colorScheme] of [
	['a light phone', { width: 390, height: 844 }, 'light'],
	['a dark desktop', { width: 1280, height: 800 }, 'dark'],
] as const)
	test(`every place is accessible on ${name}`, async ({ tab }) => {
		const { page } = await tab({ provoked: notFound });
		await page.setViewportSize(viewport);
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		for (const [path, heading] of places) {
			await page.goto(path);
			await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible();
			const { violations } = await new AxeBuilder({ page })
				.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
				.analyze();
			expect(violations.map((violation) => `${path}: ${violation.id}: ${violation.help}`)).toEqual([]);
		}
	});

test('the keyboard reaches the content first and a dialog gives the focus back', async ({ tab }) => {
	const { page } = await tab({ path: '/gigs' });
	const choose = page.getByRole('button', { name: 'Choose topics' });
	await expect(choose).toBeVisible();
	await page.keyboard.press('Tab');
	await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('main')).toBeFocused();
	await choose.focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog')).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toBeHidden();
	await expect(choose).toBeFocused();
});

test('what was typed into a new job survives a reload', async ({ tab }) => {
	const { page } = await tab({ path: '/gigs/new' });
	await page.getByLabel('What do you need?').fill('A ride to the airport');
	await page.reload();
	await expect(page.getByLabel('What do you need?')).toHaveValue('A ride to the airport');
});

test('a chosen appearance is there before the app runs', async ({ tab }) => {
	const { page } = await tab({ path: '/me', provoked: /Failed to (load|fetch)/ });
	await page.getByLabel('Dark').check();
	await page.route('**/_app/**/*.js', (route) => route.abort());
	await page.reload();
	expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
});

test('the browser finds nothing missing to install it', async () => {
	const server = await serve('build');
	const profile = mkdtempSync(join(tmpdir(), 'sweet-gossip-profile-'));
	const context = await chromium.launchPersistentContext(profile, chromiumLaunch());
	const page = await openInstalled(context, server.url);
	const devtools = await context.newCDPSession(page);
	const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
	expect(installabilityErrors).toEqual([]);
	const manifest = await devtools.send('Page.getAppManifest');
	expect(manifest.errors).toEqual([]);
	expect(manifest.url).toBe(`${server.url}/manifest.webmanifest`);
	await context.close();
	await server.close();
	rmSync(profile, { recursive: true });
});

test('with the server gone and the network off every place opens, deep links included', async ({
	browser,
}) => {
	const server = await serve('build');
	const context = await browser.newContext();
	const page = await openInstalled(context, server.url);
	const missing = await page.evaluate(async () => {
		const files = (await (await fetch('/_app/workers.json')).json()) as string[];
		const kept = await Promise.all(files.map((file) => caches.match(file)));
		return files.filter((_, at) => !kept[at]);
	});
	expect(missing).toEqual([]);
	await server.close();
	await context.setOffline(true);
	for (const [path, heading] of [...places, ['/gigs?from=home', 'Gigs'] as const]) {
		await page.goto(server.url + path);
		await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible();
	}
	await context.close();
});

test('a picture shared from another app is in the studio, once', async ({ browser }) => {
	const server = await serve('build');
	const context = await browser.newContext();
	const page = await openInstalled(context, server.url);
	const [picture] = pamsPictures();
	// The system opens the app by such a post. No server answers it: it does not leave the device.
	const landed = await page.evaluate(
		async (bytes) => {
			const form = new FormData();
			form.append('pictures', new File([Uint8Array.from(bytes)], 'a cat & co.png', { type: 'image/png' }));
			return (await fetch('/share', { method: 'POST', body: form })).url;
		},
		[...picture!.bytes],
	);
	expect(landed).toBe(`${server.url}/memes/studio`);
	await page.goto(landed);
	await expect(page.getByRole('heading', { name: 'Pictures (1)' })).toBeVisible();
	await expect(page.getByText('a cat & co.png')).toBeVisible();
	const waiting = () =>
		page.evaluate(async () => (await (await caches.open('shared-pictures')).keys()).length);
	await expect.poll(waiting).toBe(0);
	await context.close();
	await server.close();
});

test('a new version waits for consent, then takes over and removes the old one', async ({ browser }) => {
	const root = mkdtempSync(join(tmpdir(), 'sweet-gossip-build-'));
	cpSync('build', root, { recursive: true });
	const first = await serve(root);
	const context = await browser.newContext();
	const page = await openInstalled(context, first.url);
	const caches = () => page.evaluate(() => globalThis.caches.keys());
	const [old] = await caches();
	await first.close();

	const script = join(root, 'service-worker.js');
	const { version } = JSON.parse(readFileSync(join(root, '_app/version.json'), 'utf8')) as {
		version: string;
	};
	writeFileSync(script, readFileSync(script, 'utf8').replaceAll(version, 'next'));
	const second = await serve(root, Number(new URL(first.url).port));
	await page.reload();
	await expect(page.getByText('A new version is ready.')).toBeVisible();
	expect(await caches()).toEqual([old, 'sweet-gossip-next']);

	const reloaded = page.waitForEvent('load');
	await page.getByRole('button', { name: 'Use it now' }).click();
	await reloaded;
	await expect.poll(caches).toEqual(['sweet-gossip-next']);
	await context.close();
	await second.close();
	rmSync(root, { recursive: true });
});
