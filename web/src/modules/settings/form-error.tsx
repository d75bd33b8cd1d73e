import { fieldMessages, messageOf } from '../../api/problem';
import { Notice } from '../../ui/notice';

interface FormErrorProps {
  error: unknown;
  /** Fields that show their own message. */
  fields: readonly string[];
}

/** The error of a form, unless one of its fields shows it. */
export function FormError({ error, fields }: FormErrorProps) {
  if (error === null) return null;
  const told = Object.keys(fieldMessages(error));
  if (told.length > 0 && told.every((name) => fields.includes(name))) return null;
  return (
    <Notice tone="attention" role="alert">
      {messageOf(error)}
    </Notice>
  );
}
