/** Blanks what an address keeps secret: user information and keys. Whoever has a robot's key can post as it. */
export const masked = (address: string): string =>
  address
    .replace(/(https?:\/\/)[^\s@/]+@/g, '$1***@')
    .replace(/([?&](?:key|access_token|token|secret|sign)=)[^&\s]+/gi, '$1***')
    .replace(/(\/(?:hook|bot)\/)[\w-]{8,}/gi, '$1***');
