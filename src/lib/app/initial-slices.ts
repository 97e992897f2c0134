import { defaultSettings } from './default-settings.ts';
import { initialMemes, initialStudio } from './memes/initial.ts';
import type { Slices } from './protocol.ts';
import { noLightning } from './wallet/initial.ts';

/** What is shown before the node's first word, also in prerendered pages. */
export const initialSlices: Slices = {
	jobs: [],
	leads: [],
	offers: [],
	activity: [],
	settings: defaultSettings,
	lightning: noLightning,
	keys: { state: 'opening', ways: [] },
	memes: initialMemes,
	studio: initialStudio,
	network: {
		self: undefined,
		state: 'starting',
		role: 'undecided',
		links: [],
		relays: [],
		trouble: undefined,
		invitation: { kind: 'none' },
		ledger: [],
		traffic: {
			framesIn: {},
			framesOut: {},
			refused: {},
			hashesDone: 0,
			broadcastsSeen: 0,
			duplicates: 0,
			repliesCarried: 0,
			thanksSeen: 0,
		},
		hashRate: 0,
		work: { solvers: 1, graphics: false, saving: false, held: false, because: 'unknown' },
		graphics: { state: 'off' },
		log: [],
	},
};
