import type { Expiry } from './expiry.ts';

/** A job as typed, before anything of it is checked. */
export interface JobDraft {
	message: string;
	topic: string;
	amount: string;
	unit: string;
	expiry: Expiry;
}

export const emptyDraft = (): JobDraft => ({ message: '', topic: '', amount: '', unit: 'EUR', expiry: '1d' });
