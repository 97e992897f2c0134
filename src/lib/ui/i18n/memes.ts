import { chainWords } from './en-chain.ts';
import { memesWords } from './en-memes.ts';
import { studioWords } from './en-studio.ts';
import { channelWaitingWords } from './en-waiting.ts';
import { createTranslate } from './translate.ts';

export const tMemes = createTranslate('en', { ...memesWords, ...chainWords });
export const tWaiting = createTranslate('en', channelWaitingWords);
export const tStudio = createTranslate('en', studioWords);
