import type { Settings } from './protocol.ts';

/** Before anything was chosen. Apart from the parser (settings.ts), which the first screen does not need. */
export const defaultSettings: Settings = {
	topics: [],
	relays: [],
	iceServers: [],
	relayOnly: false,
	notifications: false,
	sparing: false,
	graphics: false,
	name: '',
};
