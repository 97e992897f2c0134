import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import adapter from '@sveltejs/adapter-static';

const sha256 = (/** @type {string} */ text) => createHash('sha256').update(text).digest('base64');

/** The attribute that SvelteKit's route announcer carries: the only inline style this app allows. */
const announcerStyle =
	'position: absolute; left: 0; top: 0; clip: rect(0 0 0 0); clip-path: inset(50%); overflow: hidden; white-space: nowrap; width: 1px; height: 1px';

/**
 * Names a build by what it was made of: the same sources give the same files, and any change,
 * also one to a static file, makes the service worker fetch the new version.
 */
function sourceVersion() {
	const hash = createHash('sha256');
	for (const root of ['src', 'static', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'])
		for (const path of root.includes('.') ? [root] : filesIn(root))
			hash.update(path).update(readFileSync(path));
	const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
	return `${version}-${hash.digest('hex').slice(0, 12)}`;
}

/** @param {string} folder */
const filesIn = (folder) =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: adapter({ fallback: '200.html' }),
		csp: {
			mode: 'hash',
			directives: {
				'default-src': ['none'],
				'script-src': ['self'],
				'style-src': ['self'],
				'style-src-attr': ['unsafe-hashes', `sha256-${sha256(announcerStyle)}`],
				'img-src': ['self', 'blob:'],
				'font-src': ['self'],
				'manifest-src': ['self'],
				'worker-src': ['self'],
				// Relays and chain RPCs are the user's own choice; unencrypted ones may be on this machine only.
				'connect-src': [
					'self',
					'wss:',
					'ws://localhost:*',
					'ws://127.0.0.1:*',
					'https:',
					'http://localhost:*',
					'http://127.0.0.1:*',
				],
				'base-uri': ['none'],
				'form-action': ['none'],
				'require-trusted-types-for': ['script'],
				// Svelte's own for its templates, and lib/app/trusted-url.ts.
				'trusted-types': ['svelte-trusted-html', 'sweet-gossip-url'],
			},
		},
		serviceWorker: { register: false },
		version: { name: sourceVersion() },
	},
};
