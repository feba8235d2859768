/** A value that says there is none, is hidden already, names a variable, or is the next word of a sentence. */
export const isHarmless = (value: string): boolean =>
  WORDS.test(value) || HIDDEN.test(value) || VARIABLE.test(value) || !/[A-Za-z0-9!-/:-@]/.test(value);

/** Made by a machine, by the look of it: letters and digits mixed, or very long. */
export function looksRandom(value: string): boolean {
  if (value.length < 8 || DATE.test(value) || ADDRESS.test(value) || PLACE.test(value)) return false;
  const mixed = /\d/.test(value) && /[A-Za-z]/.test(value);
  return mixed || (value.length >= 24 && /[a-z]/.test(value) && /[A-Z]/.test(value));
}

const WORDS =
  /^(?:null|none|nil|undefined|true|false|yes|no|on|off|empty|unset|n\/a|required|optional|missing|invalid|incorrect|wrong|expired|expires|failed|failure|error|denied|rejected|accepted|changed|updated|reset|rotated|authentication|authorization|authenticated|unauthorized|verification|validation|redacted|hidden|masked|string|object|secrets?|passwords?|tokens?|mismatch|not|is|was|has|must|cannot|should|for|from|the|and|or|file|env|stored|does|provided|unknown|unable|could|will|too|cache|request|refresh|bucket|login|access|permission|user|byte)[.,:;!?)\]]{0,3}$/i;
const HIDDEN =
  /^(?:[*xX•.·_-]{2,64}|\[\w{0,20}\]?|\(\w{0,20}\)?|<[\w -]{0,40}>?|⟦[a-z-]{2,12}⟧|\{\}|\[\]|…)[.,:;!?)\]]{0,3}$/;
const VARIABLE = /^(?:\$\{|\$\(|\{\{|%\(|%s|%v|%[A-Z_]{2,40}%|\$[A-Z_]{2,60}$|\[\{|\{")/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]|$)/;
const ADDRESS = /^(?:\d{1,3}\.){3}\d{1,3}/;
const PLACE = /^(?:\.{0,2}\/|https?:|\w{1,12}:\/\/)/i;
