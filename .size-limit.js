import { readdirSync, readFileSync } from 'node:fs';

/** What a browser fetches before /gigs can be used: the files its built page names. */
function firstLoad() {
	const page = readFileSync('build/gigs.html', 'utf8');
	const named = page.matchAll(/(?:href|src)="\.\/([^"]+\.(?:js|css))"/g);
	return [...new Set([...named].map(([, path]) => `build/${path}`))];
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
		path: 'build/_app/immutable/workers/worker-*.js',
		limit: '60 kB',
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
