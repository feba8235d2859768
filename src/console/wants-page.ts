import type { IncomingMessage } from 'node:http';

/** A person's browser, which is shown a page where everybody else hears what the server says. */
export const wantsPage = ({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean =>
  method === 'GET' && headers.accept?.includes('text/html') === true;
