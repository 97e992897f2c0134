import { networkWords } from './en-network.ts';
import { createTranslate } from './translate.ts';

export const tNetwork = createTranslate('en', networkWords);
