import { walletWords } from './en-wallet.ts';
import { createTranslate } from './translate.ts';

export const tWallet = createTranslate('en', walletWords);
