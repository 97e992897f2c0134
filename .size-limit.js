import { readdirSync, readFileSync } from 'node:fs';

/** What a browser fetches before /gigs can be used: the files its built page names. */
function firstLoad() {
	const page = readFileSync('build/gigs.html', 'utf8');
	const named = page.matchAll(/(?:href|src)="\.\/([^"]+\.(?:js|css))"/g);
	return [...new Set([...named].map(([, path]) => `build/${path}`))];
}

/** What the node's Worker loads later, in the tab that keeps the jobs; solvers' kernels import nothing. */
function personHalf() {
	const folder = 'build/_app/immutable/workers/chunks';
	return readdirSync(folder)
		.map((file) => `${folder}/${file}`)
		.filter((path) => readFileSync(path, 'utf8').startsWith('import'));
}

export default [
	{ name: 'First load of /gigs', path: firstLoad(), limit: '60 kB', gzip: true },
	{
		name: 'Node (mesh, gossip, store) in its Worker',
		path: 'build/_app/immutable/workers/worker-*.js',
		limit: '60 kB',
		gzip: true,
	},
	{
		name: 'The keeper tab: jobs, offers, chats',
		path: personHalf(),
		limit: '20 kB',
		gzip: true,
	},
];
