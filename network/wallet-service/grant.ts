import type { BudgetTerms } from './budget.ts';

export const holdMethods = ['make_hold_invoice', 'settle_hold_invoice', 'cancel_hold_invoice'] as const;

export const methods = [
	'get_info',
	'get_balance',
	'get_budget',
	'make_invoice',
	'pay_invoice',
	'lookup_invoice',
	'list_transactions',
	...holdMethods,
] as const;
export type Method = (typeof methods)[number];

export const notificationTypes = ['payment_received', 'payment_sent', 'hold_invoice_accepted'] as const;
export type NotificationType = (typeof notificationTypes)[number];

export const isMethod = (name: unknown): name is Method => methods.some((method) => method === name);

/** What a wallet's owner lets one client do. */
export interface Grant {
	readonly methods: readonly Method[];
	readonly notifications: readonly NotificationType[];
	readonly budget?: BudgetTerms;
	/** Seconds since the Unix epoch; for ever without it. */
	readonly expiresAt?: number;
}

export const everything: Grant = { methods, notifications: notificationTypes };

/** A wallet that knows plain payments only. */
export const withoutHold: Grant = {
	methods: methods.filter((method) => !holdMethods.some((hold) => hold === method)),
	notifications: ['payment_received', 'payment_sent'],
};
