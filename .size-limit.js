import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a browser fetches before /gigs can be used: the files its built page names. */
function firstLoad() {
	const page = readFileSync('build/gigs.html', 'utf8');
	const named = page.matchAll(/(?:href|src)="\.\/([^"]+\.(?:js|css))"/g);
	return [...new Set([...named].map(([, path]) => `build/${path}`))];
}

/** The node's Worker with every chunk it imports before it runs: bundlers move modules between those at will. */
function workerStart() {
	const folder = 'build/_app/immutable/workers';
	const files = new Set();
	const add = (path) => {
		if (files.has(path)) return;
		files.add(path);
		const imports = readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*["`'](\.[^"`']+)["`']/g);
		for (const [, named] of imports) add(join(dirname(path), named));
	};
	const [entry] = readdirSync(folder).filter((file) => /^worker-.*\.js$/.test(file));
	add(`${folder}/${entry}`);
	return [...files];
}

/** What the node's Worker loads later: the chunks that contain a text of which there is only one. */
function workerChunk(text) {
	const folder = 'build/_app/immutable/workers/chunks';
	const found = readdirSync(folder)
		.map((file) => `${folder}/${file}`)
		.filter((path) => readFileSync(path, 'utf8').includes(text));
	if (found.length !== 1) throw new Error(`${found.length} chunks contain ${text}`);
	return found;
}

export default [
	{ name: 'First load of /gigs', path: firstLoad(), limit: '60 kB', gzip: true },
	{
		name: 'Node (links, gossip, store) in its Worker',
		path: workerStart(),
		limit: '72 kB',
		gzip: true,
	},
	{
		name: 'Who is linked to whom: mesh and overlay',
		path: workerChunk('sweetgossip/walk/v1'),
		limit: '12 kB',
		gzip: true,
	},
	{
		name: 'The keeper tab: jobs, offers, chats',
		path: workerChunk('sweet/1/offer/replier'),
		limit: '20 kB',
		gzip: true,
	},
	{
		name: 'The keeper tab: keys at rest',
		path: workerChunk('sweet-gossip/vault'),
		limit: '8 kB',
		gzip: true,
	},
	{ name: 'Backup and restore', path: workerChunk('sweet-gossip-backup'), limit: '8 kB', gzip: true },
];
