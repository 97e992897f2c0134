import { activityWords } from './en-activity.ts';
import { causeWords } from './en-causes.ts';
import { networkWords } from './en-network.ts';
import { screenWords } from './en-screens.ts';
import { stateWords } from './en-states.ts';

/** Every sentence of the interface, in English. Keys ending in a protocol code are exhaustive by type. */
export const en = {
	...screenWords,
	...stateWords,
	...causeWords,
	...activityWords,
	...networkWords,
} as const;
