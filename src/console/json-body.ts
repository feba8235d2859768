import express, { type RequestHandler } from 'express';

interface Limits {
  /** As body-parser writes sizes: `64kb`. */
  readonly limit: string;
  /** JSON whatever the Content-Type says. */
  readonly anyType?: true;
}

/** Reads a JSON body into texts that every database takes: PostgreSQL stores neither NUL nor half a character. */
export const jsonBody = ({ limit, anyType }: Limits): RequestHandler =>
  express.json({ limit, reviver: storable, strict: false, ...(anyType ? { type: () => true } : {}) });

const storable = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
