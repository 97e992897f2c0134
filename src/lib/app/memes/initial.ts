import type { MemesCommandName, MemesView, StudioLimits, StudioView } from './protocol.ts';

/** What the node and the page know of this half before its code is loaded. */

export const defaultLimits: StudioLimits = {
	approvalsPerHour: 30,
	approvalGapMs: 60_000,
	sessions: 20,
	closesPerHour: 30,
	blocked: [],
	whenOut: 'wait',
};

export const initialMemes: MemesView = { chain: { state: 'unset' }, channels: [], watching: [] };

export const initialStudio: StudioView = {
	foreignKey: false,
	paused: false,
	limits: defaultLimits,
	pictures: [],
	sessions: [],
	requests: [],
	earned: 0n,
	burned: 0n,
	log: [],
};

const commandNames: Readonly<Record<MemesCommandName, true>> = {
	useChain: true,
	browse: true,
	openChannel: true,
	retryOpen: true,
	abandon: true,
	chooseReaction: true,
	undoReaction: true,
	confirmReaction: true,
	reconnect: true,
	leaveChannel: true,
	contest: true,
	challenge: true,
	affirm: true,
	burnerKey: true,
	finish: true,
	submitClose: true,
	claimOwed: true,
	channelPicture: true,
	exportChannel: true,
	watchBlob: true,
	watchChannel: true,
	setUpStudio: true,
	advertise: true,
	depositEscrow: true,
	withdrawEscrow: true,
	setLimits: true,
	pauseStudio: true,
	addPicture: true,
	removePicture: true,
	studioPicture: true,
	approveRequests: true,
};

export const isMemesCommand = (name: string): name is MemesCommandName => Object.hasOwn(commandNames, name);
