import type { KeysErrorCode, KeysView } from '#lib/app/keys/protocol.ts';

type Words =
	| `keys.problem-${Exclude<KeysErrorCode, 'locked'>}`
	| `keys.state-${KeysView['state']}`
	| `keys.way-${'fill' | 'merge' | 'replace'}`;

export const keysWords = {
	'keys.title': 'Keys and backup',
	'keys.lead':
		'Your jobs, offers, channels and wallet connections are signed with keys that only this browser has.',
	'keys.state-opening': 'Reading your keys.',
	'keys.state-damaged':
		'What is stored of your keys does not open. Erase everything below, then restore your last backup.',
	'keys.state-unlocked-device':
		'Not protected: whoever can use this browser profile, or copies it, has your keys. Fine to try things out; add a passphrase or passkey before there is money.',
	'keys.state-locked': 'Locked. Unlock to see and use what is yours.',
	'keys.state-unlocked': 'Protected, and unlocked until this browser closes or you lock it.',
	'keys.since': 'since',
	'keys.passphrase': 'Passphrase',
	'keys.passkey': 'Passkey “{label}”',
	'keys.setPassphrase': 'Set a passphrase',
	'keys.changePassphrase': 'Change',
	'keys.addPasskey': 'Add a passkey',
	'keys.remove': 'Remove',
	'keys.removeTitle': 'Remove this protection?',
	'keys.removeText': 'It does not open your keys any more.',
	'keys.removeLast':
		'It is the only one: afterwards whoever can use this browser profile has your keys again.',
	'keys.lock': 'Lock now',
	'keys.locked': 'Your keys are locked: jobs, offers and money rest until you unlock them.',
	'keys.damaged': 'Your keys do not open any more. Nothing was changed; Me says what to do.',
	'keys.unlock': 'Unlock',
	'keys.unlockTitle': 'Unlock your keys',
	'keys.unlockText': 'This tab carries jobs for others meanwhile, and does nothing of yours.',
	'keys.later': 'Later',
	'keys.currentPassphrase': 'Current passphrase',
	'keys.newPassphrase': 'New passphrase',
	'keys.newPassphraseHelp':
		'At least 8 characters; five or six words that nobody would guess are best. Nobody can reset it.',
	'keys.repeat': 'Once more',
	'keys.repeatWrong': 'The two are not the same.',
	'keys.tooShort': 'At least 8 characters.',
	'keys.reveal': 'Show what you type',
	'keys.protected': 'Your keys are protected now.',
	'keys.changed': 'Passphrase changed.',
	'keys.removed': 'Removed.',
	'keys.usePasskey': 'Use passkey',
	'keys.provedPasskey': 'Passkey accepted.',
	'keys.passkeyLabel': 'Name of this passkey',
	'keys.passkeyDefault': 'This device',
	'keys.passkeyHelp':
		'Your device asks for your finger, face or PIN. A passkey from a phone or a security key works too, if it can make keys (PRF).',
	'keys.passkeyNone': 'This browser offers no passkeys here.',
	'keys.passkeyNoPrf': 'That passkey cannot make keys (PRF). Use another one, or a passphrase.',
	'keys.passkeyStopped': 'The passkey was not used. Try again, or use another way.',
	'keys.phrase': 'Recovery phrase',
	'keys.phraseHelp':
		'Twelve words bring back your keys: the test wallet with its money, and you as a suggester. Jobs, chats, channels and wallet connections come back from a backup only.',
	'keys.phraseShow': 'Show the twelve words',
	'keys.phraseTitle': 'Your twelve words',
	'keys.phraseWarn':
		'Whoever reads them has your keys. Look around first, write them on paper, and never type them into another page.',
	'keys.phraseReveal': 'I am alone: show them',
	'keys.phrasePartly':
		'The keys in use here were made by an earlier version and do not come from these words. Make a backup: only that brings them back.',
	'keys.phraseDone': 'I wrote them down',
	'keys.phraseEnter': 'Enter other words',
	'keys.phraseEnterTitle': 'Use another recovery phrase',
	'keys.phraseEnterText': 'In a browser with nothing of yours yet, they make its keys the ones you had.',
	'keys.phraseField': 'Twelve words',
	'keys.phraseUse': 'Use these words',
	'keys.phraseUsed': 'These words are yours now.',
	'keys.backup': 'Backup',
	'keys.backupNever': 'No backup yet. If this browser loses its data, everything is gone.',
	'keys.backupLast': 'Last backup:',
	'keys.backupMake': 'Make a backup',
	'keys.backupTitle': 'Make a backup',
	'keys.backupText':
		'One encrypted file with your keys, jobs, offers, chats, channels and settings. Pictures are left out.',
	'keys.backupPassphrase': 'Passphrase of the file',
	'keys.backupSave': 'Save the file',
	'keys.backupSaved': 'Backup saved. Keep the file where this device cannot take it down with it.',
	'keys.restore': 'Restore a backup',
	'keys.restoreTitle': 'Restore a backup',
	'keys.restoreText': 'Nothing changes before you have seen what is inside.',
	'keys.restoreFile': 'Backup file',
	'keys.restoreOpen': 'Look inside',
	'keys.restoreMade': 'Made',
	'keys.restoreEmpty': 'Keys only; no records.',
	'keys.way-fill': 'Nothing is here yet, so everything in it is taken over.',
	'keys.way-merge':
		'It is yours: what is missing here is added, and what is here stays as it is, because it is newer.',
	'keys.way-replace':
		'It belongs to other keys than the ones here. Your records in this browser are deleted and replaced; your present keys are kept aside, and go into your next backup.',
	'keys.restoreReplace': 'Delete what is here and restore',
	'keys.restoreDo': 'Restore',
	'keys.restoreChannels':
		'Restored channels are only left by agreement until the other side has told what happened since.',
	'keys.restored': {
		one: 'Restored: {count} record added.',
		other: 'Restored: {count} records added.',
	},
	'keys.count-jobs': { one: '{count} job', other: '{count} jobs' },
	'keys.count-receivedOffers': { one: '{count} offer received', other: '{count} offers received' },
	'keys.count-sentOffers': { one: '{count} offer made', other: '{count} offers made' },
	'keys.count-chats': { one: '{count} message', other: '{count} messages' },
	'keys.count-channels': { one: '{count} channel', other: '{count} channels' },
	'keys.count-secrets': { one: '{count} more key', other: '{count} more keys' },
	'keys.count-other': { one: '{count} other record', other: '{count} other records' },
	'keys.deposit': 'Before your first deposit',
	'keys.depositKept': 'This browser keeps your data.',
	'keys.depositProtected': 'Your keys are protected.',
	'keys.depositBackup': 'You have a backup.',
	'keys.depositAsk': 'Ask the browser to keep your data',
	'keys.depositProtect': 'Protect your keys',
	'keys.depositMake': 'Make a backup',

	'keys.problem-wrong-key': 'That does not open it. Nothing was changed; try again.',
	'keys.problem-keys-damaged': 'What is stored of your keys does not open. Nothing was changed.',
	'keys.problem-keys-invalid': 'That cannot be used. Nothing was changed.',
	'keys.problem-keys-in-use':
		'Other keys are in use here, and jobs, channels or a wallet connection hang on them. Make a backup, erase everything below, and enter the words then.',
	'keys.problem-not-a-backup': 'This is not a backup of Sweet Gossip. Choose the file that you saved here.',
	'keys.problem-backup-newer':
		'A newer version of this page made this file. Reload to update, then try again.',
	'keys.problem-backup-damaged': 'This file is damaged. Nothing was changed; try another copy.',
	'keys.problem-backup-too-big': 'This file is too big to be a backup.',
	'keys.problem-backup-changed':
		'What is kept here changed in the meantime. Look inside the file once more, then restore.',
} as const satisfies Record<Words, string> & Record<string, unknown>;
