/** What the platform takes [FD:im-v1/message/create, LD card-json-2-0-structure]; a card above either is refused. */
export const MAX_BYTES = 30 * 1024;
/** Everything that has a `tag`: components, texts, icons, tags of the header. */
export const MAX_ELEMENTS = 200;

/** What we fill of it: the platform counts some style tags for more bytes than they have. Our choice. */
export const TARGET_BYTES = 28_000;

/** Of a custom bot's body of 20 KB [LD custom-bot-usage-guide], refused with 9499 above; less its envelope, timestamp and signature. */
export const HOOK_TARGET_BYTES = 18_000;

/** Texts of buttons, and hints inside of inputs [LD interactive-components/button, input]. */
export const MAX_LABEL = 100;
/** What can be typed [LD interactive-components/input]. */
export const MAX_TYPED = 1000;
export const MAX_HEADER_TAGS = 3;
/** Five are official; more than three were refused in practice [OCL]. We make none. */
export const MAX_TABLES = 5;
export const MAX_CHARTS = 5;
/** Containers inside of each other [LD containers/*]. */
export const MAX_NESTING = 5;
