// Patterns that programs use without the schemas around them: a command line starts in a moment because of that.

/** Kept equal to what the sign-in library accepts, so that no account can be made that cannot sign in. */
export const emailPattern =
  "^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$";

export const slugPattern = '^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$';

/** What alerts must share to join one incident. */
export const groupByPattern = '^(site|area|dependency|rule_type|none|label:[A-Za-z_][A-Za-z0-9_.-]{0,62})$';
