// Preloaded into a program under test (`--import`): writes the URL of every loaded file into LOADED_LIST.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded = new Set();
registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env.LOADED_LIST ?? '', [...loaded].join('\n')));
