import { inviteWords } from './en-invite.ts';
import { createTranslate } from './translate.ts';

export const tInvite = createTranslate('en', inviteWords);
