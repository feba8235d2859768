import { CONSTANT, serveEntrance } from './entrance.ts';

/** The same entrance as the server's, with nothing behind it: the accepting port answers a constant. */
await serveEntrance(() => async () => CONSTANT);
