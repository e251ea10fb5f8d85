// All checks by their names: each gets a page, the origin of a server of the world's
// store, and the world, and throws when the page does not keep its promise. A file of
// this directory exports some of them as its default, those that take long as soak, and as
// once those about the page alone, which take a while and are the same with any store.

import { readdirSync } from 'node:fs';

const files = readdirSync(new URL('.', import.meta.url)).filter((f) => f.endsWith('.mjs') && f !== 'index.mjs').sort();
const modules = await Promise.all(files.map((f) => import(`./${f}`)));

export const checks = Object.assign({}, ...modules.map((m) => m.default));

/** Those for one of the stores, whichever. */
export const once = Object.assign({}, ...modules.map((m) => m.once ?? {}));

/** Those that take long. */
export const long = Object.assign({}, ...modules.map((m) => m.soak ?? {}));
