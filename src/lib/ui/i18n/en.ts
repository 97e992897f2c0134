import { activityWords } from './en-activity.ts';
import { screenWords } from './en-screens.ts';
import { stateWords } from './en-states.ts';

/** Words that the frame and the lists need; every other area is loaded with its screens. */
export const en = { ...screenWords, ...stateWords, ...activityWords } as const;
