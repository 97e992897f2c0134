import { keysWords } from './en-keys.ts';
import { createTranslate } from './translate.ts';

export const tKeys = createTranslate('en', keysWords);
