/// <reference types="@sveltejs/kit" />
import { keepShared, sharePath } from '../lib/ui/pictures/shared.ts';
import { build, files, prerendered, version } from '$service-worker';

/**
 * Keeps the whole app on the device. Every build has its own cache, filled before the build may
 * take over and never mixed with another's; the version is a digest of the sources.
 */
const worker = globalThis as unknown as ServiceWorkerGlobalScope;

const prefix = 'sweet-gossip-';
const cacheName = `${prefix}${version}`;
/** Runs every address that has no prerendered page. */
const shell = '/200.html';
/** Deployment settings may change without a new build. */
const settings = '/config.json';
const known = new Set([...build, ...files, ...prerendered, shell]);
/** What the Workers are made of (worker-files.ts), which `build` does not name. */
const workerList = '/_app/workers.json';
const hashed = '/_app/immutable/';

worker.addEventListener('install', (event) => {
	event.waitUntil(fill());
});

async function fill(): Promise<void> {
	const listed = await fetch(workerList, { cache: 'no-cache' });
	if (!listed.ok) throw new Error(`${workerList}: ${listed.status}`);
	const workers = (await listed.json()) as readonly string[];
	// `no-cache` asks the server again, so that a stale copy of an unhashed file is never kept.
	const paths = new Set([...known, ...workers]);
	const requests = [...paths].map((path) => new Request(path, { cache: 'no-cache' }));
	await (await caches.open(cacheName)).addAll(requests);
}

worker.addEventListener('activate', (event) => {
	const removeOld = async () => {
		const names = await caches.keys();
		const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
		await Promise.all(old.map((name) => caches.delete(name)));
		await worker.clients.claim();
	};
	event.waitUntil(removeOld());
});

worker.addEventListener('message', (event) => {
	// Only a person's consent makes a waiting version take over an open page.
	if (event.data === 'use-now') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
	const { request } = event;
	const { origin, pathname } = new URL(request.url);
	if (origin !== worker.location.origin) return;
	if (request.method === 'POST' && pathname === sharePath) event.respondWith(takeShared(request));
	if (request.method !== 'GET') return;
	if (pathname === settings) event.respondWith(networkFirst(request));
	else if (known.has(pathname) || pathname.startsWith(hashed))
		event.respondWith(cacheFirst(request, pathname));
	else if (request.mode === 'navigate') event.respondWith(networkThenShell(request));
});

/** Pictures from another app: kept for the studio, which is opened. */
async function takeShared(request: Request): Promise<Response> {
	const left = await keepShared(await request.formData(), caches);
	return Response.redirect(left > 0 ? `/memes/studio?left=${left}` : '/memes/studio', 303);
}

async function cacheFirst(request: Request, pathname: string): Promise<Response> {
	const cache = await caches.open(cacheName);
	return (await cache.match(pathname)) ?? fetch(request);
}

async function networkFirst(request: Request): Promise<Response> {
	const cache = await caches.open(cacheName);
	try {
		const response = await fetch(request);
		if (response.ok) await cache.put(settings, response.clone());
		return response;
	} catch {
		return (await cache.match(settings)) ?? Response.error();
	}
}

/** A server without a fallback rule answers 404 to a deep link: the shell knows better. */
async function networkThenShell(request: Request): Promise<Response> {
	const response = await fetch(request).catch(() => undefined);
	return response?.ok ? response : cacheFirst(request, shell);
}

worker.addEventListener('notificationclick', (event) => {
	event.notification.close();
	const { path } = event.notification.data as { path: string };
	const open = async () => {
		const [page] = await worker.clients.matchAll({ type: 'window' });
		if (!page) return worker.clients.openWindow(path);
		await page.focus();
		return page.navigate(path);
	};
	event.waitUntil(open());
});
