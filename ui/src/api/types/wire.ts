// What all records are made of.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A double; NaN and the infinities travel as strings. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export type MaybeText = string | null;

export interface ErrorInfo {
  code: string;
  message: string;
  field?: string | null;
}

export interface ErrorResponse {
  error: ErrorInfo;
}
